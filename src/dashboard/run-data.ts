// A run as data for pages and programs: what the thread says, in numbers. Pure.

import { agentsIn, phaseRows } from "../runs/view.ts";
import type { LiveRun } from "../runs/live.ts";
import { sumUsage } from "../steps/outcome.ts";

/** The JSON of one run; shapes are a contract for `fanfold demo` and for scripts. */
export interface RunData {
  id: string;
  status: string;
  statusDetail: string | null;
  workflow: string | null;
  title: string;
  repository: string;
  thread: number;
  url: string | null;
  phases: { title: string; agents: number; done: number; failed: number }[];
  agents: number;
  /** Input, cached input and output together. */
  tokens: number;
  /** Null when a model without a known price took part. */
  costUsd: number | null;
  seconds: number;
  waiting: string | null;
  logs: string[];
  running: { label: string; role: string; turns: number }[];
  /** Calls that have ended, in all steps. */
  callsEnded: number;
}

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
    tokens: usage.inputTokens + usage.outputTokens + usage.cacheReadTokens + usage.cacheWriteTokens,
    costUsd: usage.costUsd,
    seconds: ((record.endedAt ?? now) - record.createdAt) / 1000,
    waiting: run.view.waiting,
    logs: run.view.logs.slice(-20),
    running: agents
      .filter(({ state }) => state === "running")
      .map(({ label, role, turns }) => ({ label, role, turns })),
    callsEnded: [...run.view.calls.values()].filter(({ state }) => state !== "running").length,
  };
}
