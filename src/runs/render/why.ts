// Why changes were rejected or left out and agents failed, from the journal; what agents wrote is quoted as data. Pure.

import type { Finding, Vote } from "../../steps/records.ts";
import type { Publications, WorkerPublication } from "../publications.ts";
import type { RunRecord } from "../record.ts";
import { agentsIn, type RunView } from "../view.ts";
import { workerMark } from "./progress.ts";
import { reasonFor } from "./pulls.ts";
import { code, counted, cut, inline, paragraphs, quoted } from "./text.ts";

const ANSWER_CHARS_MAX = 50_000;
const FINDINGS_MAX = 10;

interface Known {
  record: RunRecord;
  publications: Publications | null;
  view: RunView;
}

/** All that stayed out or failed; with `wanted`, everything whose name holds it. */
export function renderWhy({ record, publications, view }: Known, wanted: string | null): string {
  const isMeant = (name: string): boolean =>
    wanted === null || name.toLowerCase().includes(wanted.toLowerCase());
  const workers = (publications?.workers ?? []).filter(
    ({ change }) => isMeant(change.label) || isMeant(change.id),
  );
  const shown = wanted === null ? workers.filter(({ change }) => !change.folded) : workers;
  const failed = agentsIn(view).filter(({ state, label }) => state === "failed" && isMeant(label));
  const idle = (publications?.records ?? []).flatMap(({ record: each }) =>
    each.kind === "unchanged" && isMeant(each.label) ? [each] : [],
  );
  const parts = [
    ...shown.map(worker),
    ...idle.map(
      ({ label, reason }) => `**${inline(label, 80)}** made no change: ${inline(reason, 500)}`,
    ),
    ...failed.map(
      ({ label, role, reason }) =>
        `**${inline(label, 80)}** (${role}) failed: ${inline(reason ?? "no reason given", 500)}`,
    ),
  ];
  const nothing = wanted === null ? nothingWrong(record) : noneOf(wanted, view);
  const text = paragraphs(
    `### Why, in run ${code(record.id)}`,
    record.statusDetail,
    ...(parts.length === 0 ? [nothing] : parts),
  );
  return cut(text, ANSWER_CHARS_MAX);
}

const nothingWrong = ({ id }: RunRecord): string =>
  `In run ${code(id)} no agent failed and no change was rejected or left out so far.`;

function noneOf(wanted: string, view: RunView): string {
  const names = [...new Set(agentsIn(view).map(({ label }) => label))];
  const known = names.slice(0, 20).map((name) => code(cut(name, 80)));
  const there = known.length === 0 ? "No agent has begun yet." : `There are: ${known.join(", ")}.`;
  return `😕 No agent or change of this run is called ${code(cut(wanted, 80))}. ${there}`;
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
