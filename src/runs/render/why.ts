// Why changes were rejected or left out and agents failed, from the journal; what agents wrote is quoted as data. Pure.

import type { Finding, Vote } from "../../steps/records.ts";
import type { Publications, WorkerPublication } from "../publications.ts";
import type { RunRecord } from "../record.ts";
import { agentsIn, type RunView } from "../view.ts";
import { workerMark } from "./progress-tables.ts";
import { reasonFor } from "./pulls.ts";
import { code, counted, cut, inline, paragraphs, quoted } from "./text.ts";

const ANSWER_CHARS_MAX = 50_000;
const FINDINGS_MAX = 10;

interface Known {
  record: RunRecord;
  publications: Publications | null;
  view: RunView;
}

/** An answer, or that there is none to what was asked. */
export interface Why {
  text: string;
  isAnswer: boolean;
}

/** All that stayed out or failed; with `wanted`, everything about an agent, a file, a finding or a reviewer called so. */
export function renderWhy(known: Known, wanted: string | null): Why {
  const { record, publications, view } = known;
  const parts = partsOf(known, wanted);
  const reading = wanted === null ? nothingWrong(record) : readersOf(publications, wanted);
  if (wanted !== null && parts.length === 0 && reading === null)
    return { text: noneOf(record.id, { wanted, view }), isAnswer: false };
  const text = paragraphs(
    `### Why, in run ${code(record.id)}`,
    record.statusDetail,
    ...(parts.length === 0 ? [reading] : parts),
  );
  return { text: cut(text, ANSWER_CHARS_MAX), isAnswer: true };
}

function partsOf({ publications, view }: Known, wanted: string | null): string[] {
  const isMeant = (name: string): boolean =>
    wanted === null || name.toLowerCase().includes(wanted.toLowerCase());
  const workers = (publications?.workers ?? []).filter((each) => namesOf(each).some(isMeant));
  const shown = wanted === null ? workers.filter(({ change }) => !change.folded) : workers;
  const failed = agentsIn(view).filter(({ state, label }) => state === "failed" && isMeant(label));
  const idle = (publications?.records ?? []).flatMap(({ record: each }) =>
    each.kind === "unchanged" && isMeant(each.label) ? [each] : [],
  );
  return [
    ...shown.map(worker),
    ...idle.map(
      ({ label, reason }) => `**${inline(label, 80)}** made no change: ${inline(reason, 500)}`,
    ),
    ...failed.map(
      ({ label, role, reason }) =>
        `**${inline(label, 80)}** (${role}) failed: ${inline(reason ?? "no reason given", 500)}`,
    ),
  ];
}

/** What people may call a change by: itself, its files, what was found in it, and who looked at it. */
const namesOf = ({ change, reviews }: WorkerPublication): string[] => [
  change.label,
  change.id,
  change.branch,
  ...change.files.map(({ path }) => path),
  ...reviews.flatMap(({ reviewed }) => [
    ...reviewed.findings.flatMap(({ path, title }) => [path, title]),
    ...reviewed.votes.map(({ lens }) => lens),
  ]),
];

/** A file that nothing was made of: whether anybody looked at it. */
function readersOf(publications: Publications | null, wanted: string): string | null {
  const path = wanted.replace(/^[`"']+|[`"']+$/gu, "");
  const readers = (publications?.records ?? []).filter(
    ({ record }) => "read" in record && record.read.includes(path),
  );
  if (readers.length === 0) return null;
  return `${code(path)} was read by ${counted(readers.length, "agent")}: no change touched it, and no finding of a reviewer is about it.`;
}

const nothingWrong = ({ id }: RunRecord): string =>
  `In run ${code(id)} no agent failed and no change was rejected or left out so far.`;

function noneOf(run: string, { wanted, view }: { wanted: string; view: RunView }): string {
  const names = [...new Set(agentsIn(view).map(({ label }) => label))];
  const known = names.slice(0, 20).map((name) => code(cut(name, 80)));
  const there = known.length === 0 ? "No agent has begun yet." : `There are: ${known.join(", ")}.`;
  return `😕 No agent, file, finding or reviewer of run ${code(run)} is called ${code(cut(wanted, 80))}, and no agent read such a file. ${there}`;
}

function worker(given: WorkerPublication): string {
  const { change, reviews } = given;
  const reason = change.folded ? "" : `: ${reasonFor(given)}`;
  return paragraphs(
    `**${inline(change.label, 80)}** ${workerMark(given)}${reason}`,
    ...reviews.map(({ round, reviewed }) =>
      paragraphs(
        `Round ${round}: **${reviewed.verdict}** (${counted(reviewed.votes.length, "vote")}, quorum ${reviewed.quorum})`,
        votes(reviewed.votes),
        findings(reviewed.findings),
      ),
    ),
  );
}

const votes = (given: readonly Vote[]): string =>
  given
    .map(({ lens, vote, reason }) => {
      const because = reason === null ? "" : `: ${inline(reason, 300)}`;
      return `- ${inline(lens, 60)}: ${vote}${because}`;
    })
    .join("\n");

/** In their own words, as a quote: nothing of it is ours. */
function findings(given: readonly Finding[]): string {
  const more = given.length - FINDINGS_MAX;
  const told = given.slice(0, FINDINGS_MAX).map(({ path, line, severity, title, claim, lens }) => {
    const place = code(line === null ? path : `${path}:${line}`);
    const words = quoted(cut(`${title}\n\n${claim}`, 2_000)).replace(/^/gm, "> ");
    return `${severity}, ${inline(lens, 60)}, ${place}\n\n${words}`;
  });
  if (more > 0) told.push(`… and ${counted(more, "more finding")}`);
  return told.join("\n\n");
}
