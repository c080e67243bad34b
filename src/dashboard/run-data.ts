// A run as data for pages and programs: what the thread says, in numbers. Pure.

import { z } from "zod";

import { agentsIn, phaseRows } from "../runs/view.ts";
import type { LiveRun } from "../runs/live.ts";
import { RunStatus } from "../runs/record.ts";
import { sumUsage, tokensOf } from "../steps/outcome.ts";

/** The JSON of one run; its shape is a contract for `fanfold demo` and for scripts. */
export const RunData = z.object({
  id: z.string(),
  status: RunStatus,
  statusDetail: z.string().nullable(),
  workflow: z.string().nullable(),
  title: z.string(),
  repository: z.string(),
  thread: z.number(),
  url: z.string().nullable(),
  phases: z.array(
    z.object({ title: z.string(), agents: z.number(), done: z.number(), failed: z.number() }),
  ),
  agents: z.number(),
  /** Input, cached input and output together. */
  tokens: z.number(),
  /** Null when a model without a known price took part. */
  costUsd: z.number().nullable(),
  seconds: z.number(),
  waiting: z.string().nullable(),
  logs: z.array(z.string()),
  running: z.array(z.object({ label: z.string(), role: z.string(), turns: z.number() })),
  /** Every agent, in the order in which its call was begun; 1,000 at most. */
  team: z.array(
    z.object({
      label: z.string(),
      role: z.string(),
      state: z.enum(["running", "done", "failed"]),
      turns: z.number(),
      tokens: z.number(),
      reason: z.string().nullable(),
    }),
  ),
  /** Calls that have ended, in all steps. */
  callsEnded: z.number(),
});
export type RunData = z.infer<typeof RunData>;

export function runData(run: LiveRun, now: number): RunData {
  const record = run.record();
  const agents = agentsIn(run.view);
  const usage = sumUsage(agents);
  return {
    id: record.id,
    status: record.status,
    statusDetail: record.statusDetail,
    workflow: record.script?.workflow ?? null,
    title: record.script?.title ?? record.task.split("\n", 1)[0] ?? "",
    repository: `${record.repository.owner}/${record.repository.name}`,
    thread: record.thread,
    url: run.url(),
    phases: phaseRows(run.view),
    agents: agents.length,
    tokens: tokensOf(usage),
    costUsd: usage.costUsd,
    seconds: ((record.endedAt ?? now) - record.createdAt) / 1000,
    waiting: run.view.waiting,
    logs: run.view.logs.slice(-20),
    running: agents
      .filter(({ state }) => state === "running")
      .map(({ label, role, turns }) => ({ label, role, turns })),
    team: agents.slice(0, 1_000).map(({ label, role, state, turns, usage: used, reason }) => ({
      label,
      role,
      state,
      turns,
      tokens: tokensOf(used),
      reason,
    })),
    callsEnded: [...run.view.calls.values()].filter(({ state }) => state !== "running").length,
  };
}
