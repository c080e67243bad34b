// The findings of a schedule over all its runs: what they are, and the shape in which they are kept.

import { z } from "zod";

import { Anchor } from "./anchor.ts";

const Person = z.object({ id: z.int(), login: z.string() });
const Dismissed = z.object({ by: Person, at: z.number(), reason: z.string() });

/** What became of a finding in the newest report. */
export const Standing = z.enum([
  /** Reported for the first time. */
  "new",
  /** Reported before, and again. */
  "still",
  /** Was gone, and is reported again. */
  "back",
  /** Not reported this time, though its code is as it was. */
  "silent",
  /** Nobody looked at its file this time. */
  "unlooked",
  /** Its code is not there any more, or it was not reported several times in a row. */
  "gone",
]);
export type Standing = z.infer<typeof Standing>;

export const KnownFinding = z.object({
  /** Stays the same for as long as it is known. */
  id: z.string(),
  path: z.string(),
  line: z.int().nullable(),
  title: z.string(),
  rule: z.string().nullable(),
  severity: z.string(),
  verdict: z.string(),
  evidence: z.string(),
  anchor: Anchor,
  /** Who owns its file, by the repository's CODEOWNERS. */
  assigned: z.array(z.string()),
  standing: Standing,
  /** Why it is gone, as the end of a sentence. */
  goneSince: z.object({ at: z.number(), why: z.string() }).nullable(),
  firstAt: z.number(),
  lastAt: z.number(),
  /** Reports in a row that did not have it though its code is as it was. */
  silences: z.int(),
  dismissed: Dismissed.nullable(),
  /** A dismissal that counts no more, since the code that it was about is another one now. */
  lapsed: Dismissed.nullable().default(null),
});
export type KnownFinding = z.infer<typeof KnownFinding>;

/** One report in numbers. */
const Round = z.object({
  at: z.number(),
  run: z.string(),
  commit: z.string(),
  isWhole: z.boolean(),
  open: z.int(),
  fresh: z.int(),
  gone: z.int(),
  dismissed: z.int(),
  inScope: z.int().nullable(),
  read: z.int().nullable(),
  costUsd: z.number().nullable(),
});
export type Round = z.infer<typeof Round>;

/** How many, and the first of them. */
const Paths = z.object({ count: z.int(), paths: z.array(z.string()) });

export const KeptCoverage = z.object({
  inScope: z.int(),
  read: z.int(),
  notRead: Paths,
  failed: Paths,
  skipped: Paths,
});
export type KeptCoverage = z.infer<typeof KeptCoverage>;

export const Ledger = z.object({
  findings: z.array(KnownFinding),
  /** Oldest first. */
  rounds: z.array(Round),
  coverage: KeptCoverage.nullable(),
  /** Findings of the newest report that were too many to be kept. */
  overflow: z.int().default(0),
  /** What became of code scanning; null when nothing was tried. */
  scan: z
    .object({
      at: z.number(),
      isTaken: z.boolean(),
      /** It was to close its alerts there; `why` says why they stay open, if they do. */
      isClosing: z.boolean().default(false),
      why: z.string(),
    })
    .nullable(),
});
export type Ledger = z.infer<typeof Ledger>;

export const emptyLedger: Ledger = {
  findings: [],
  rounds: [],
  coverage: null,
  overflow: 0,
  scan: null,
};

export const isOpen = ({ standing, dismissed }: KnownFinding): boolean =>
  standing !== "gone" && dismissed === null;

type Rated = Pick<KnownFinding, "path"> & { severity?: string | undefined };

const RANKS = ["critical", "high", "important", "medium", "low", "nit"];

/** The gravest first; a word nobody knows in the middle. */
export function bySeverity(one: Rated, other: Rated): number {
  const rank = ({ severity }: Rated): number => {
    const known = RANKS.indexOf(severity?.toLowerCase() ?? "");
    return known < 0 ? RANKS.indexOf("medium") : known;
  };
  return rank(one) - rank(other) || (one.path < other.path ? -1 : one.path > other.path ? 1 : 0);
}

/** With somebody's word on one of them; null when there is none of this id. */
export function dismissIn(
  ledger: Ledger,
  id: string,
  dismissed: KnownFinding["dismissed"],
): Ledger | null {
  if (ledger.findings.every((finding) => finding.id !== id)) return null;
  const findings = ledger.findings.map((finding) =>
    finding.id === id ? { ...finding, dismissed, lapsed: null } : finding,
  );
  return { ...ledger, findings };
}
