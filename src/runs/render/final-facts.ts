// How a result was verified, what reviewers said of it, and what is not done: counted from the journal. Pure.

import { isDelivered, verdictOf } from "../../steps/ledger.ts";
import type { Publications, WorkerPublication } from "../publications.ts";
import { reasonFor } from "./pulls.ts";
import { lostAgents } from "./receipt.ts";
import { code, counted, inline } from "./text.ts";

const LINKS_SHOWN = 6;
const LEFT_SHOWN = 40;

type Pulls = ReadonlyMap<string, { number: number; url: string }>;

export function renderVerified({ workers, records }: Publications, pulls: Pulls): string {
  const inIt = workers.filter(({ change }) => change.folded);
  const accepted = inIt.filter(({ change }) => verdictOf(change) === "accepted");
  const revised = inIt.filter(
    ({ reviews }) => new Set(reviews.map(({ reviewed: { head } }) => head)).size > 1,
  );
  const links = accepted.flatMap(({ change }) => pulls.get(change.id) ?? []);
  const shown = links.slice(0, LINKS_SHOWN).map(({ number, url }) => `[#${number}](${url})`);
  const evidence =
    accepted.length === 0 ? "none" : shown.length === 0 ? "reviews below" : shown.join(", ");
  const decided = records.flatMap(({ record }) =>
    record.kind === "decided" && record.by !== null
      ? [
          `| A person's decision | | ${record.approved ? "approved" : "rejected"} by ${record.by} | ${inline(record.text, 120)} |`,
        ]
      : [],
  );
  return [
    "| Check | On the base | On this branch | Evidence |",
    "|---|---|---|---|",
    `| Independent reviewers, who saw the requirement and the diff alone | | ${accepted.length} of ${counted(inIt.length, "part")} accepted, ${revised.length} after a revision | ${evidence} |`,
    ...decided.slice(0, LEFT_SHOWN),
    ...checkedParts(records),
    "| Tests of this repository | not run by Fanfold | not run by Fanfold | its own CI, on this pull request |",
  ].join("\n");
}

/** What CI said of the parts on their own; the newest word about each counts. */
function checkedParts(records: Publications["records"]): string[] {
  const last = new Map(
    records.flatMap(({ record }) => (record.kind === "checked" ? [[record.change, record]] : [])),
  );
  if (last.size === 0) return [];
  const all = [...last.values()];
  const passed = all.filter(({ verdict }) => verdict === "passed").length;
  const names = new Set(all.flatMap(({ checks }) => checks.map(({ name }) => name)));
  const shown = [...names].slice(0, LINKS_SHOWN).map((name) => inline(name, 40));
  return [
    `| This repository's CI on the parts by themselves | | passed on ${passed} of ${counted(all.length, "part")} | ${shown.join(", ")} |`,
  ];
}

/** Findings of reviewers and claims that others tried to refute; what nobody could decide is never hidden. */
export function renderReviewed({ workers, records }: Publications): string {
  const reviews = workers.flatMap((worker) => worker.reviews.map((review) => ({ worker, review })));
  const findings = reviews.flatMap(({ worker, review: { reviewed } }) =>
    reviewed.findings.map((finding) => ({ finding, isFixed: isAnswered(worker, reviewed.head) })),
  );
  const blocking = findings.filter(({ finding }) => finding.severity === "blocking").length;
  const fixed = findings.filter(({ isFixed }) => isFixed).length;
  const claims = records.flatMap(({ record }) =>
    record.kind === "verified" ? [record.verdict] : [],
  );
  const claimed = (verdict: (typeof claims)[number]): number =>
    claims.filter((each) => each === verdict).length;
  const unverified =
    workers.filter(({ change }) => change.verdict?.verdict === "unverified").length +
    claimed("unverified");
  const unseen = workers.filter(({ change, reviews: own }) => change.folded && own.length === 0);
  return [
    "| Reviews | Found | Fixed by a revision | Standing | Refuted | **Unverified** | Folded in without a review |",
    "|---|---|---|---|---|---|---|",
    `| ${reviews.length} | ${findings.length + claimed("confirmed") + claimed("refuted")} (${blocking} blocking) | ${fixed} | ${findings.length - fixed + claimed("confirmed")} | ${claimed("refuted")} | **${unverified}** | ${unseen.length} |`,
  ].join("\n");
}

/** A later version of the change was accepted. */
const isAnswered = ({ change }: WorkerPublication, head: string): boolean =>
  change.head !== head && verdictOf(change) === "accepted";

export function renderNotDone(publications: Publications): string {
  const { workers, records } = publications;
  const lost = lostAgents(publications);
  const left = workers.filter(({ change }) => !isDelivered(change));
  const failed = records.flatMap(({ record }) => (record.kind === "unchanged" ? [record] : []));
  const read = new Set(records.flatMap(({ record }) => ("read" in record ? record.read : [])));
  const scopes = new Map(
    records.flatMap(({ record }) =>
      record.kind === "listed" ? [[record.glob, record.files] as const] : [],
    ),
  );
  const out = [
    ...left.map((worker) => `- Left out: ${inline(worker.change.label, 80)}: ${reasonFor(worker)}`),
    ...failed.map(
      ({ label, reason }) => `- Without a change: ${inline(label, 80)}: ${inline(reason, 200)}`,
    ),
  ];
  const more = out.length - LEFT_SHOWN;
  return [
    ...[...scopes]
      .slice(0, LINKS_SHOWN)
      .map(([glob, files]) => `- In scope: ${counted(files, "file")} (${code(glob)}).`),
    `- ${counted(read.size, "file")} read by agents.`,
    ...lost,
    ...(out.length + lost.length === 0 ? ["- Nothing was left out."] : out.slice(0, LEFT_SHOWN)),
    ...(more > 0 ? [`- … and ${more} more.`] : []),
  ].join("\n");
}
