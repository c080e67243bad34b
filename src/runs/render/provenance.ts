// Each hunk of the result: who made it, what reviewers and CI said of it, and the commit that holds it. Pure.

import { verdictOf } from "../../steps/ledger.ts";
import type { Made, Provenance, ProvenHunk } from "../provenance.ts";
import type { Publications, WorkerPublication } from "../publications.ts";
import { code, counted, inline } from "./text.ts";

const ROWS_CHARS_MAX = 9_000;
const COMMIT_CHARS = 12;

/** What the rows are made of. */
export interface ProvenanceFacts {
  publications: Publications;
  pulls: ReadonlyMap<string, { number: number; url: string }>;
  provenance: Provenance;
  /** Page of the file that holds all of it; null while it does not have to be read. */
  page: string | null;
}

/** The table, and what it leaves out. */
export function renderProvenance(facts: ProvenanceFacts): string {
  const { provenance } = facts;
  if (provenance.kind === "too-large") {
    return "Hunk by hunk it was not followed: there is too much of it. The commits name their parts.";
  }
  const { rows, hidden } = rowsOf(facts, provenance.hunks);
  if (rows.length === 0) return "";
  const file = facts.page === null ? FILE : `[${FILE}](${facts.page})`;
  const rest =
    hidden > 0
      ? `… and ${counted(hidden, "more hunk")}: ${file} in the checkpoint has all of them.`
      : `${file} in the checkpoint has the same for machines.`;
  return [
    "| Hunk | Lines | Made by | Reviewed | Checked | Commit |",
    "|---|---|---|---|---|---|",
    ...rows,
    "",
    rest,
  ].join("\n");
}

const FILE = "`provenance.json`";

/** Whether the table has to leave something out. */
export const leavesOut = (facts: ProvenanceFacts): boolean =>
  facts.provenance.kind === "known" && rowsOf(facts, facts.provenance.hunks).hidden > 0;

function rowsOf(
  facts: ProvenanceFacts,
  hunks: readonly ProvenHunk[],
): { rows: string[]; hidden: number } {
  const describe = openDescriber(facts);
  const rows: string[] = [];
  let room = ROWS_CHARS_MAX;
  for (const [at, hunk] of hunks.entries()) {
    const own = hunk.by.map((made) => `| ${placeOf(hunk)} | ${made.lines} | ${describe(made)} |`);
    room -= own.join("\n").length + 1;
    if (room < 0) return { rows, hidden: hunks.length - at };
    rows.push(...own);
  }
  return { rows, hidden: 0 };
}

/** Where it is in the result; what only goes is named by where it was. */
function placeOf({ path, before, after }: ProvenHunk): string {
  const span = after ?? before;
  if (span === null) return code(path);
  const end = span.lines > 1 ? `–${span.start + span.lines - 1}` : "";
  return `${code(path)} ${after === null ? "−" : ""}${span.start}${end}`;
}

/** Everything behind the lines of a row. */
function openDescriber({ publications, pulls }: ProvenanceFacts): (made: Made) => string {
  const workers = new Map(publications.workers.map((worker) => [worker.change.id, worker]));
  const checks = new Map(
    publications.records.flatMap(({ record }) =>
      record.kind === "checked" ? [[record.change, record] as const] : [],
    ),
  );
  const known = new Map<string, string>();
  return ({ makers, commit }) => {
    const key = JSON.stringify([makers, commit]);
    const before = known.get(key);
    if (before !== undefined) return before;
    const each = (say: (change: string) => string): string =>
      [...new Set(makers.map(({ change }) => say(change)))].join("; ");
    const who = makers.map(({ change, isResolved }) => {
      const { label, branch } = workers.get(change)?.change ?? { label: change, branch: change };
      const pull = pulls.get(change);
      const where = pull === undefined ? code(branch) : `[#${pull.number}](${pull.url})`;
      const how = isResolved ? ", its conflict resolved by an agent" : "";
      return `${inline(label, 60)} (${where})${how}`;
    });
    const checked = each((change) => checks.get(change)?.verdict ?? "–");
    const sha = commit === null ? "–" : code(commit.slice(0, COMMIT_CHARS));
    const said = [
      who.join("; "),
      each((change) => reviewOf(workers.get(change))),
      checked === "–" ? "–" : `CI ${checked}`,
      sha,
    ].join(" | ");
    known.set(key, said);
    return said;
  };
}

/** The verdict that counts, with each reviewer's word of the last look at this version. */
function reviewOf(worker: WorkerPublication | undefined): string {
  if (worker === undefined || worker.reviews.length === 0) return "no review";
  const { change, reviews } = worker;
  const last = reviews.findLast(({ reviewed }) => reviewed.head === change.head);
  const votes = last?.reviewed.votes ?? [];
  const words = votes.slice(0, VOTES_SHOWN).map(({ lens, vote }) => `${inline(lens, 30)} ${vote}`);
  const more = votes.length > words.length ? [`${votes.length - words.length} more`] : [];
  return votes.length === 0
    ? verdictOf(change)
    : `${verdictOf(change)}: ${[...words, ...more].join(", ")}`;
}

const VOTES_SHOWN = 5;
