// The tables of a run's comment: its phases, and what became of each worker's change. Pure.

import { isBehind } from "../../steps/ledger.ts";
import type { WorkerPublication } from "../publications.ts";
import { phaseRows, type RunView } from "../view.ts";
import type { ProgressInput } from "./progress.ts";
import { code, counted, duration, inline, thousands } from "./text.ts";

const WORKER_ROWS_MAX = 60;
const PHASE_ROWS_MAX = 40;

export function phaseTable(view: RunView): string | null {
  const rows = phaseRows(view);
  if (rows.length === 0) return null;
  const more = rows.length - PHASE_ROWS_MAX;
  const lines = rows.slice(0, PHASE_ROWS_MAX).map(({ title, agents, done, failed }) => {
    const mark = agents === 0 ? "·" : failed > 0 ? "⚠️" : done === agents ? "✅" : "⏳";
    const loss = failed > 0 ? `, ${failed} failed` : "";
    const count = agents === 0 ? "no agent" : `${done} of ${agents} done`;
    return `| ${mark} ${inline(title)} | ${count}${loss} |`;
  });
  const cut_ = more > 0 ? [`| … and ${counted(more, "more phase")} | |`] : [];
  return ["| Phase | Agents |", "|---|---|", ...lines, ...cut_].join("\n");
}

export function workerTable(
  input: Pick<ProgressInput, "workers" | "pulls" | "pageOf" | "isLeftAlone">,
): string | null {
  if (input.workers.length === 0) return null;
  const shown = input.workers.slice(0, WORKER_ROWS_MAX);
  const rows = shown.map((worker) => {
    const { change, took } = worker;
    const pull = input.pulls.get(change.id);
    const place = `[${code(change.branch)}](${input.pageOf(change)})`;
    const link = pull === undefined ? "" : ` · [#${pull.number}](${pull.url})`;
    const alone = input.isLeftAlone(change.branch)
      ? " · somebody moved or deleted it, so it is left alone"
      : "";
    return `| ${workerMark(worker)} | ${inline(change.label, 80)} | ${counted(change.files.length, "file")} | ${thousands(took.tokens)} tokens, ${duration(took.ms)} | ${place}${link}${alone} |`;
  });
  const more = input.workers.length - shown.length;
  return [
    "| | Worker | Changes | Took, with its reviews | Where |",
    "|---|---|---|---|---|",
    ...rows,
    ...(more > 0 ? [`| | … and ${more} more | | | |`] : []),
  ].join("\n");
}

/** What became of a worker's change, in a sign and a word. */
export function workerMark({
  change,
  leftOut,
}: Pick<WorkerPublication, "change" | "leftOut">): string {
  if (isBehind(change)) return "⚠️ folded in, without its last revision";
  if (change.proposedHead === change.head) return "📤 proposed by itself";
  if (change.folded) return "✅ folded in";
  if (leftOut !== null) return "⚠️ left out";
  switch (change.verdict?.head === change.head ? change.verdict.verdict : null) {
    case "accepted":
      return "👍 accepted";
    case "rejected":
      return "❌ rejected";
    case "unverified":
      return "❔ unverified";
    case null:
      return "⏳ not reviewed yet";
  }
}
