// A run as people see it, folded from the journal and from live events; comment, terminal and page all show this.

import type { Usage } from "../engine/call.ts";
import type { RunEvent } from "../engine/events.ts";
import type { Entry } from "../engine/journal.ts";
import { agentsOf, StepRecord } from "../steps/records.ts";

export interface AgentView {
  label: string;
  role: string;
  state: "running" | "done" | "failed";
  reason: string | null;
  turns: number;
  usage: Usage;
}

export interface CallView {
  key: string;
  step: string;
  label: string | null;
  phase: string | null;
  state: "running" | "done" | "failed";
  error: string | null;
  /** By agent number within the call. */
  agents: AgentView[];
}

/** Mutable, owned by one driver; everything else reads it. */
export interface RunView {
  /** Titles in the order of the script's `meta`, then as they appeared. */
  phases: string[];
  calls: Map<string, CallView>;
  /** The newest lines, oldest first (dialect P36: 1,000). */
  logs: string[];
  /** What the run waits for, as a sentence; null while it moves. */
  waiting: string | null;
}

const LOG_LINES_MAX = 1000;

export function openView(phases: readonly string[]): RunView {
  return { phases: [...phases], calls: new Map(), logs: [], waiting: null };
}

/** Applies a live event. */
export function applyEvent(view: RunView, event: RunEvent): void {
  switch (event.kind) {
    case "phase-started":
      addPhase(view, event.title);
      return;
    case "logged":
      view.logs.push(event.message);
      if (view.logs.length > LOG_LINES_MAX) view.logs.shift();
      return;
    case "held-up":
      view.waiting = event.reason;
      return;
    case "call-started":
      startCall(view, event);
      return;
    case "call-ended":
      endCall(view, event);
      return;
    case "agent-started":
    case "agent-turned":
    case "agent-ended":
      applyAgent(view, event);
      return;
  }
}

/** Applies a durable entry: its receipts replace what live events said of the call's agents. */
export function applyEntry(view: RunView, entry: Entry): void {
  if (entry.kind === "call-started") {
    startCall(view, entry);
    return;
  }
  const call = startCall(view, { ...entry, label: null, phase: null });
  if (entry.record === undefined) return;
  const receipts = agentsOf(StepRecord.parse(entry.record));
  call.agents = receipts.map(({ label, role, failure, turns, usage }) => ({
    label,
    role,
    state: failure === null ? "done" : "failed",
    reason: failure,
    turns,
    usage,
  }));
}

/** All agents of a run, over all calls. */
export function agentsIn(view: RunView): AgentView[] {
  return [...view.calls.values()].flatMap((call) => call.agents);
}

/** One row a phase: agents that took part, ended and failed. Calls outside of any phase get the title "Run". */
export function phaseRows(
  view: RunView,
): { title: string; agents: number; done: number; failed: number }[] {
  const met = [...view.calls.values()].map(phaseOf);
  const first = met.includes(PLAN_PHASE) ? [PLAN_PHASE] : [];
  const titles = new Set([...first, ...view.phases, ...met]);
  return [...titles]
    .map((title) => {
      const agents = [...view.calls.values()]
        .filter((call) => phaseOf(call) === title)
        .flatMap((call) => call.agents);
      return {
        title,
        agents: agents.length,
        done: agents.filter(({ state }) => state === "done").length,
        failed: agents.filter(({ state }) => state === "failed").length,
      };
    })
    .filter((row) => row.agents > 0 || view.phases.includes(row.title));
}

/** The phase in which the script is written, before any of its own. */
export const PLAN_PHASE = "Plan";

/** Where calls outside of any phase are shown. */
export const NO_PHASE = "Run";

const phaseOf = (call: CallView): string => call.phase ?? NO_PHASE;

function addPhase(view: RunView, title: string): void {
  if (!view.phases.includes(title)) view.phases.push(title);
}

function startCall(
  view: RunView,
  asked: { key: string; step: string; label: string | null; phase: string | null },
): CallView {
  const known = view.calls.get(asked.key);
  if (known !== undefined) return known;
  const { key, step, label, phase } = asked;
  const call: CallView = { key, step, label, phase, state: "running", error: null, agents: [] };
  view.calls.set(key, call);
  return call;
}

function endCall(view: RunView, event: Extract<RunEvent, { kind: "call-ended" }>): void {
  const call = view.calls.get(event.key);
  if (call === undefined) return;
  call.state = event.ok ? "done" : "failed";
  call.error = event.error;
}

type AgentEvent = Extract<RunEvent, { agent: string }>;

function applyAgent(view: RunView, event: AgentEvent): void {
  const call = view.calls.get(event.key);
  if (call === undefined) return;
  const index = Number(event.agent);
  const known = call.agents[index];
  if (event.kind === "agent-started") {
    call.agents[index] = {
      label: event.label,
      role: event.role,
      state: "running",
      reason: null,
      turns: 0,
      usage: NOTHING,
    };
  } else if (known !== undefined && event.kind === "agent-turned") {
    known.turns = event.turns;
    known.usage = event.usage;
  } else if (known !== undefined && event.kind === "agent-ended") {
    known.state = event.ok ? "done" : "failed";
    known.reason = event.reason;
    known.usage = event.usage;
  }
}

const NOTHING: Usage = {
  inputTokens: 0,
  outputTokens: 0,
  cacheReadTokens: 0,
  cacheWriteTokens: 0,
  costUsd: 0,
};
