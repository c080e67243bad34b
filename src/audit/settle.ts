// Puts a new report into the ledger: what is new, still there, gone, and what nobody could know. Pure.

import { createHash } from "node:crypto";

import { type Coverage, type FindingRow, isRefuted } from "../runs/render/report.ts";
import { isOpen, type KnownFinding, type Ledger } from "./ledger.ts";
import {
  type Found,
  FOUND_MAX,
  linesNow,
  onceEach,
  pairsOf,
  placeOf,
  refutedAmong,
} from "./places.ts";

/** One report, and the repository at the commit it is about. */
export interface Report {
  at: number;
  run: string;
  commit: string;
  /** The run came to its end with all of its agents. */
  isWhole: boolean;
  costUsd: number | null;
  findings: readonly FindingRow[];
  coverage: Coverage | null;
  /** Text of each file that was named before or now; null for one that is not there. */
  texts: ReadonlyMap<string, string | null>;
  /** Paths at the report before this one, and what their files are called now. */
  renamed: ReadonlyMap<string, string>;
  ownersOf(path: string): string[];
  /** Whether a glob matches a path. */
  matches(glob: string, path: string): boolean;
}

/** A finding that is not reported so often in a row, though its code is as it was, is called gone. */
const SILENCES_MAX = 3;
const GONE_KEPT = 100;
const ROUNDS_KEPT = 26;
const EVIDENCE_CHARS = 600;
const PATHS_KEPT = 200;

export function settle(ledger: Ledger, report: Report): Ledger {
  const all = onceEach(report.findings.filter((row) => !isRefuted(row)));
  const found = all.slice(0, FOUND_MAX).map((row) => placeOf(row, report));
  const overflow = all.length - found.length;
  const known = ledger.findings.map((finding) => follow(finding, report));
  const pairs = pairsOf(known, found, report);
  const met = new Map([...pairs].map(([foundAt, knownAt]) => [knownAt, foundAt]));
  const refuted = refutedAmong(known, new Set(met.keys()), report);
  const ids = new Set(known.map(({ id }) => id));
  const kept = known.map((finding, at) => {
    const foundAt = met.get(at);
    const place = foundAt === undefined ? undefined : found[foundAt];
    if (place !== undefined) return again(finding, place, report);
    return refuted.has(at)
      ? goneFor(finding, REFUTED, report)
      : unmet(finding, report, overflow > 0);
  });
  const fresh = found.flatMap((place, at) => (pairs.has(at) ? [] : [first(place, report, ids)]));
  const findings = withoutOldest([...kept, ...fresh]);
  const coverage = coverageKept(report.coverage);
  const rounds = [...ledger.rounds, roundOf(findings, report)].slice(-ROUNDS_KEPT);
  return { ...ledger, findings, coverage, overflow, rounds };
}

/** A file of another name is the same one, whether or not somebody read it this time. */
function follow(finding: KnownFinding, report: Report): KnownFinding {
  const path = report.renamed.get(finding.path);
  if (path === undefined || report.texts.get(finding.path) != null) return finding;
  return { ...finding, path, assigned: report.ownersOf(path) };
}

const REFUTED = "looked at again, and refuted";

function said({ row, path, line, title, rule, anchor }: Found, report: Report) {
  return {
    path,
    line,
    title,
    rule,
    anchor,
    severity: row.severity ?? "",
    verdict: row.verdict ?? "",
    evidence: (row.evidence ?? "").slice(0, EVIDENCE_CHARS),
    assigned: report.ownersOf(path),
    lastAt: report.at,
    silences: 0,
    goneSince: null,
  };
}

function again(known: KnownFinding, place: Found, report: Report): KnownFinding {
  const standing = known.standing === "gone" ? "back" : "still";
  const now = { ...known, ...said(place, report), rule: place.rule ?? known.rule };
  if (known.dismissed === null || isSameCode(known, place, report)) return { ...now, standing };
  return { ...now, standing: "back", dismissed: null, lapsed: known.dismissed };
}

/** A person's word was about this code. Where there was none to see, it was about the words. */
function isSameCode(known: KnownFinding, { anchor }: Found, report: Report): boolean {
  const { line, around } = known.anchor;
  if (line === null && around === null) return true;
  const isSame = (by: keyof typeof anchor): boolean =>
    known.anchor[by] !== null && known.anchor[by] === anchor[by];
  return isSame("around") || isSame("line") || linesNow(known, report).length > 0;
}

function first(place: Found, report: Report, ids: Set<string>): KnownFinding {
  const id = freshId(place, ids);
  ids.add(id);
  return {
    id,
    ...said(place, report),
    standing: "new",
    firstAt: report.at,
    dismissed: null,
    lapsed: null,
  };
}

/** Follows from what it is about, so that two machines give the same one. */
function freshId({ path, title, rule, anchor }: Found, taken: ReadonlySet<string>): string {
  for (let round = 0; ; round++) {
    const about = JSON.stringify([path, rule ?? title, anchor.around ?? anchor.line, round]);
    const digest = createHash("sha256").update(about).digest().readUInt32BE();
    const id = `f-${digest.toString(32).padStart(7, "0").slice(-6)}`;
    if (!taken.has(id)) return id;
  }
}

/** What was gone before is gone for what it was. */
const goneFor = (known: KnownFinding, why: string, { at }: Report): KnownFinding =>
  known.standing === "gone" ? known : { ...known, standing: "gone", goneSince: { at, why } };

function unmet(known: KnownFinding, report: Report, isPart: boolean): KnownFinding {
  if (known.standing === "gone") return known;
  const text = report.texts.get(known.path) ?? null;
  const gone = (why: string): KnownFinding => goneFor(known, why, report);
  if (text === null) return gone("its file is not there any more");
  const hasAnchor = known.anchor.line !== null || known.anchor.around !== null;
  const lines = linesNow(known, report);
  if (!wasLookedAt(known.path, report)) return { ...known, standing: "unlooked" };
  if (hasAnchor && lines.length === 0) return gone("its code is not there any more");
  // It may be among those that there were too many of.
  if (isPart) return { ...known, standing: "unlooked" };
  const silences = known.silences + 1;
  if (silences >= SILENCES_MAX) {
    return gone(`not reported ${silences} times in a row, though its code is as it was`);
  }
  return { ...known, standing: "silent", silences, line: nearest(lines, known.line) };
}

const nearest = (lines: readonly number[], line: number | null): number | null =>
  lines.toSorted((one, other) => Math.abs(one - (line ?? 0)) - Math.abs(other - (line ?? 0)))[0] ??
  line;

/** Nobody is believed about a file that nobody read. */
function wasLookedAt(path: string, report: Report): boolean {
  const { coverage, isWhole } = report;
  if (coverage === null) return isWhole;
  const { notRead, failed, skipped, scope } = coverage;
  if ([...notRead, ...failed, ...skipped].includes(path)) return false;
  return scope === undefined || report.matches(scope, path);
}

/** Those that are gone for longest are forgotten. */
function withoutOldest(findings: readonly KnownFinding[]): KnownFinding[] {
  const gone = findings
    .filter(({ standing, dismissed }) => standing === "gone" && dismissed === null)
    .toSorted((one, other) => (other.goneSince?.at ?? 0) - (one.goneSince?.at ?? 0))
    .slice(GONE_KEPT);
  const forgotten = new Set(gone.map(({ id }) => id));
  return findings.filter(({ id }) => !forgotten.has(id));
}

function coverageKept(coverage: Coverage | null): Ledger["coverage"] {
  if (coverage === null) return null;
  const { inScope, read, notRead, failed, skipped } = coverage;
  const some = (paths: readonly string[]) => ({
    count: paths.length,
    paths: paths.slice(0, PATHS_KEPT),
  });
  return {
    inScope,
    read,
    notRead: some(notRead),
    failed: some(failed),
    skipped: some(skipped),
  };
}

function roundOf(findings: readonly KnownFinding[], report: Report): Ledger["rounds"][number] {
  const { at, run, commit, isWhole, costUsd, coverage } = report;
  const count = (wanted: (finding: KnownFinding) => boolean): number =>
    findings.filter(wanted).length;
  return {
    at,
    run,
    commit,
    isWhole,
    costUsd,
    open: count(isOpen),
    fresh: count((one) => isOpen(one) && ["new", "back"].includes(one.standing)),
    gone: count(({ goneSince, dismissed }) => goneSince?.at === at && dismissed === null),
    dismissed: count(({ dismissed, standing }) => dismissed !== null && standing !== "gone"),
    inScope: coverage?.inScope ?? null,
    read: coverage?.read ?? null,
  };
}
