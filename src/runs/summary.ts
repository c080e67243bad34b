// A run in one line, for `status`, and what it has left on GitHub. Pure.

import type { RunState, RunSummary, Trace } from "../command/run-desk.ts";
import { sumUsage } from "../steps/outcome.ts";
import type { LiveRun } from "./live.ts";
import { openChecksOf } from "./branch-checks.ts";
import { stateRefOf } from "./names.ts";
import { isEnded, type RunStatus } from "./record.ts";
import { openOnes } from "./questions.ts";
import type { Place } from "./places.ts";
import { counted, cut, duration, money } from "./render/text.ts";
import { agentsIn } from "./view.ts";

const STATES = {
  planning: "planning",
  running: "running",
  waiting: "waiting",
  paused: "paused",
  publishing: "running",
  completed: "completed",
  degraded: "partial",
  failed: "failed",
  cancelled: "cancelled",
} as const satisfies Record<RunStatus, RunState>;

export function summaryOf(run: LiveRun, now: number, place: Place | null = null): RunSummary {
  const record = run.record();
  const agents = agentsIn(run.view);
  const ended = agents.filter(({ state }) => state !== "running").length;
  const { costUsd } = sumUsage(agents);
  const time = duration((record.endedAt ?? now) - record.createdAt);
  const open = openOnes(run);
  const asked = open.map(({ id, text }) => `${id} (${cut(text.replace(/\s+/g, " "), 60)})`);
  const decisions = asked.length === 0 ? "" : `; waits for a decision on ${asked.join(", ")}`;
  const checked = openChecksOf(record).length;
  const checks = checked === 0 ? "" : `; waits for CI on ${counted(checked, "change")}`;
  const turn =
    place === null ? "" : `; queued #${place.number}, waits for its turn and begins by itself`;
  const waits =
    run.view.waiting === null ? `${turn}${decisions}${checks}` : `; waiting: ${run.view.waiting}`;
  return {
    run: record.id,
    title: record.script?.title ?? record.task.split("\n", 1)[0] ?? "",
    state: run.view.waiting === null ? STATES[record.status] : "waiting",
    detail: `${ended} of ${counted(agents.length, "agent")} done, ${money(costUsd)} spent, ${time}${waits}`,
    asks: open.map(({ id }) => id),
    url: run.url(),
    costUsd,
    createdAt: record.createdAt,
  };
}

/** Only of an ended run it is sure that its checkpoint was pushed; once it is tidied or undone, it may be gone again. */
export function traceOf(run: LiveRun): Trace {
  const { id, status, base, endTold, finalPull, tidyAt, undo } = run.record();
  const isKept = isEnded(status) && endTold && base !== null && tidyAt !== null && undo === null;
  return {
    run: id,
    finalPull: finalPull?.number ?? null,
    checkpoint: isKept ? stateRefOf(id) : null,
    waits: isEnded(status) ? null : run.view.waiting,
  };
}
