// What we say about runs: what became of a wish for one, and tables of several. Pure: data in, Markdown out.

import type { Granted, RunSummary, Saved, UnreadableRun } from "./run-desk.ts";
import { codeSpan } from "./text.ts";
import { unreachable } from "./unreachable.ts";

const NOTED = {
  cancel: (run: string) => `Stopping run ${run}. What is finished is kept; nothing new is started.`,
  pause: (run: string) =>
    `Pausing run ${run}. No further agent begins; those at work end first, and nothing is lost. \`/workflow resume\` goes on.`,
  resume: (run: string) => `Run ${run} goes on.`,
  land: (run: string) =>
    `Run ${run} finishes with what there is. No further agent begins; what was accepted is folded in, and the pull request says what is missing.`,
  undo: (run: string) =>
    `Taking back what run ${run} made here: pull requests, branches, words. Its comment says what came of it, and what cannot be undone.`,
} as const;

/** What became of a wish for a run. */
export function granted(outcome: Granted): string {
  switch (outcome.kind) {
    case "noted":
      return NOTED[outcome.verb](codeSpan(outcome.run));
    case "cap":
      return capChanged(outcome);
    case "unfit":
      return `😕 ${outcome.why} Nothing was changed.`;
    case "nothing-runs":
      return outcome.run === null
        ? "😕 This thread has no run that this could be for, so nothing was changed. `/workflow status` shows what ran last, `/workflow list` the runs of this repository."
        : `😕 This repository has no run ${codeSpan(outcome.run)} that I know. Nothing was changed. \`/workflow list\` shows its runs.`;
    case "ended":
      return `😕 Run ${codeSpan(outcome.run)} has ended (${outcome.state}), so nothing was changed. ${afterEnd(outcome)}`;
    case "ambiguous":
      return `😕 Several runs of this thread could be meant, and I do not guess which one. Nothing was changed. Put the id behind the command:\n\n${table(outcome.runs)}`;
    default:
      return unreachable(outcome);
  }
}

/** It was to be run again while a plan or a question of it is open. */
export function waitsForWord({ run, asks }: Pick<RunSummary, "run" | "asks">): string {
  const words = (verb: string): string =>
    asks.map((id) => codeSpan(`/workflow ${verb} ${id}`)).join(", ");
  return `😕 Run ${codeSpan(run)} has not ended: it waits for somebody's word, so nothing was started. ${words("approve")} lets it go on, ${words("reject")} says no.`;
}

/** What fits a run that is over. */
const afterEnd = ({ run, state }: Extract<Granted, { kind: "ended" }>): string =>
  state === "completed"
    ? `${codeSpan(`/workflow undo ${run}`)} takes back what it made.`
    : `${codeSpan(`/workflow retry ${run}`)} performs again what failed in it.`;

function capChanged(cap: Extract<Granted, { kind: "cap" }>): string {
  const { run, from, to, goesOn, voids, spentUsd } = cap;
  const before = from === null ? "none" : dollars(from);
  return [
    `The cap of run ${codeSpan(run)} is ${dollars(to)} now (it was ${before}).`,
    goesOn ? "It goes on." : null,
    voids === undefined
      ? null
      : `Plan ${codeSpan(voids)} was made for another cap: ${codeSpan(`/workflow approve ${voids}`)} shows a new plan in its place, and that one runs once it is approved.`,
    spentUsd === undefined
      ? null
      : `${dollars(spentUsd)} are spent already, so no further agent begins. \`/workflow budget +$2\` makes room, \`/workflow land\` finishes with what there is.`,
  ]
    .filter((sentence) => sentence !== null)
    .join(" ");
}

/** What became of the wish to save a script. */
export function saved(outcome: Saved): string {
  const file = codeSpan(outcome.file);
  switch (outcome.kind) {
    case "proposed":
      return `#${outcome.number} proposes ${file}. Once somebody merges it, the workflow can be run by its name.`;
    case "closed-before":
      return `#${outcome.number} proposed ${file} before and is closed, so nothing was proposed again. Reopen it, or save it under another name.`;
    case "saved-already":
      return `The default branch has this script as ${file} already. Nothing was changed.`;
    default:
      return unreachable(outcome);
  }
}

const dollars = (usd: number): string => `$${usd.toFixed(2)}`;

/** What runs in a thread, and what would be there if it could be read. */
export function status(
  runs: readonly RunSummary[],
  unreadable: readonly UnreadableRun[] = [],
): string {
  const parts = [
    ...(runs.length > 0 ? [table(runs)] : []),
    ...(unreadable.length > 0 ? [cannotRead(unreadable)] : []),
  ];
  if (parts.length > 0) return parts.join("\n\n");
  return "Nothing runs in this thread and nothing ran before. `/workflow TASK` starts a run.";
}

/** Nobody is told that there is no run where one cannot be read. */
export const cannotRead = (runs: readonly UnreadableRun[]): string =>
  runs
    .map(({ run, why }) => `⚠️ Run ${codeSpan(run)} of this thread cannot be read here. ${why}`)
    .join("\n\n");

/** In place of an answer that there is no run that could be meant. */
export const nothingDone = (runs: readonly UnreadableRun[]): string =>
  `😕 Nothing was decided or changed.\n\n${cannotRead(runs)}`;

function table(runs: readonly RunSummary[]): string {
  const rows = runs.map((run) => {
    const { title, state, detail } = run;
    return `| ${linked(run)} | ${cell(title, 80)} | ${state} | ${cell(detail, 200)} |`;
  });
  return ["| Run | Task | State | So far |", "|---|---|---|---|", ...rows].join("\n");
}

/** The runs of a repository, the newest first. */
export function list(runs: readonly RunSummary[]): string {
  if (runs.length === 0) {
    return "Nothing ran in this repository yet. `/workflow TASK` starts a run.";
  }
  const rows = runs.slice(0, LISTED_MAX).map((run) => {
    const cost = run.costUsd === null ? "unknown" : dollars(run.costUsd);
    const begun = new Date(run.createdAt).toISOString().slice(0, 16).replace("T", " ");
    return `| ${linked(run)} | ${cell(run.title, 80)} | ${run.state} | ${cost} | ${begun} UTC |`;
  });
  const more = runs.length - rows.length;
  return [
    "| Run | Task | State | Cost | Begun |",
    "|---|---|---|---|---|",
    ...rows,
    ...(more > 0 ? [`| … and ${more} older | | | | |`] : []),
  ].join("\n");
}

const LISTED_MAX = 30;

const linked = ({ run, url }: RunSummary): string =>
  url === null ? cell(run, 40) : `[${cell(run, 40)}](${url})`;

function cell(text: string, limit: number): string {
  return codeSpan(text, limit).replaceAll("|", "\\|");
}
