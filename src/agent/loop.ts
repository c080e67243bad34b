// Runs one agent: turn, tool calls, turn, until an answer that fits or a limit ends it.

import type { AgentEnd, AgentFailure, AgentTask, AgentWorld, RunAgent } from "./agent.ts";
import { compileAnswerCheck } from "./answer.ts";
import { Conversation, type Verdict } from "./conversation.ts";
import { type Deadline, OutOfTime, startDeadline } from "./deadline.ts";
import { ModelError, type Turn, type Usage } from "./model.ts";
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
    return await converse(world, { task, conversation, sums, deadline });
  } catch (error) {
    if (error instanceof ModelError && !deadline.signal.aborted) return lost(error, sums);
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
  deadline: Deadline;
}

async function converse(world: AgentWorld, talk: Talk): Promise<AgentEnd> {
  const { task, conversation, sums } = talk;
  const kept = (await world.transcript?.begin(conversation.request())) ?? [];
  while (sums.turns < task.limits.turns) {
    const turn = kept.shift() ?? (await askAndKeep(world, talk));
    sums.usage = addUsage(sums.usage, turn.usage);
    sums.turns += 1;
    world.onTurn?.(sums.turns, sums.usage);
    const verdict = await conversation.hear(turn);
    talk.deadline.signal.throwIfAborted();
    const end = endOf(verdict, sums);
    if (end !== null) return end;
  }
  return failed(
    "turns-used-up",
    `The agent used all ${task.limits.turns} turns without an answer. Give it a smaller task.`,
    sums,
  );
}

async function askAndKeep(world: AgentWorld, talk: Talk): Promise<Turn> {
  const turn = await takeTurn(world, talk);
  await world.transcript?.keep(turn);
  return turn;
}

/** One turn; what tries that led to nothing cost is counted as well. A wait for the provider is not the agent's time. */
async function takeTurn(world: AgentWorld, { conversation, sums, deadline }: Talk): Promise<Turn> {
  const spent = (usage: Usage): void => {
    sums.usage = addUsage(sums.usage, usage);
  };
  try {
    return await world.model.turn(conversation.request(), deadline.signal, {
      spent,
      waiting: () => deadline.pause(),
    });
  } catch (error) {
    if (error instanceof ModelError && error.usage !== null) spent(error.usage);
    throw error;
  }
}

function endOf(verdict: Verdict, sums: Sums): AgentEnd | null {
  if (verdict.kind === "go-on") return null;
  return verdict.kind === "answered"
    ? { kind: "answered", answer: verdict.answer, ...sums }
    : failed(verdict.failure, verdict.message, sums);
}

function lost({ message, kind }: ModelError, sums: Sums): AgentEnd {
  return { ...failed("provider", message, sums), providerError: kind };
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
