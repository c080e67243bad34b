// Runs one agent: turn, tool calls, turn, until an answer that fits or a limit ends it.

import type { AgentEnd, AgentFailure, AgentTask, AgentWorld, RunAgent } from "./agent.ts";
import { compileAnswerCheck } from "./answer.ts";
import { Conversation, type Verdict } from "./conversation.ts";
import { OutOfTime, startDeadline } from "./deadline.ts";
import type { ModelError, Usage } from "./model.ts";
import { takeTurn } from "./take-turn.ts";
import { addUsage, noUsage } from "./usage.ts";

/** Runs one agent to its end. Rejects only when `signal` is aborted (with its reason) or on a bug of ours. */
export const runAgent: RunAgent = async (world, task, signal) => {
  signal.throwIfAborted();
  const compiled = task.answer === null ? null : compileAnswerCheck(task.answer);
  if (compiled?.ok === false)
    return failed("answer-does-not-fit", schemaUnusable(compiled.why), nothingYet());
  const time = { ms: task.limits.wallClockMs, reason: new OutOfTime() };
  using deadline = startDeadline(world.clock, time, signal);
  const sums = nothingYet();
  try {
    const conversation = new Conversation(task, compiled?.check ?? null, world.seed ?? "");
    return await converse(world, { task, conversation, sums, signal: deadline.signal });
  } catch (error) {
    if (signal.aborted) throw signal.reason;
    if (!(error instanceof OutOfTime)) throw error;
    const minutes = Math.round(task.limits.wallClockMs / 6000) / 10;
    return failed("out-of-time", `The agent was still at work after ${minutes} min.`, sums);
  }
};

interface Sums {
  usage: Usage;
  turns: number;
}

interface Talk {
  task: AgentTask;
  conversation: Conversation;
  sums: Sums;
  signal: AbortSignal;
}

async function converse(world: AgentWorld, talk: Talk): Promise<AgentEnd> {
  const { task, conversation, sums, signal } = talk;
  while (sums.turns < task.limits.turns) {
    const taken = await takeTurn(world, conversation.request(), {
      attempts: task.limits.turnAttempts,
      signal,
      onSpent: (usage) => {
        sums.usage = addUsage(sums.usage, usage);
      },
    });
    if (taken.kind === "gave-up") return lost(taken.error, taken.tries, sums);
    sums.turns += 1;
    world.onTurn?.(sums.turns, sums.usage);
    const verdict = await conversation.hear(taken.turn);
    signal.throwIfAborted();
    const end = endOf(verdict, sums);
    if (end !== null) return end;
  }
  return failed(
    "turns-used-up",
    `The agent used all ${task.limits.turns} turns without an answer. Give it a smaller task.`,
    sums,
  );
}

function endOf(verdict: Verdict, sums: Sums): AgentEnd | null {
  if (verdict.kind === "go-on") return null;
  return verdict.kind === "answered"
    ? { kind: "answered", answer: verdict.answer, ...sums }
    : failed(verdict.failure, verdict.message, sums);
}

function lost(error: ModelError, tries: number, sums: Sums): AgentEnd {
  const message = tries === 1 ? error.message : `${error.message} It was tried ${tries} times.`;
  return { ...failed("provider", message, sums), providerError: error.kind };
}

function failed(
  failure: AgentFailure,
  message: string,
  sums: Sums,
): Extract<AgentEnd, { kind: "failed" }> {
  return { kind: "failed", failure, message, ...sums };
}

function nothingYet(): Sums {
  return { usage: noUsage, turns: 0 };
}

function schemaUnusable(why: string): string {
  return `No answer can fit this schema: ${why}`;
}
