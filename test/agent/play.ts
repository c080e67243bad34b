// Small makers of turns and tasks for the loop's tests.

import type { AgentEnd, AgentTask, AgentWorld } from "../../src/agent/agent.ts";
import { runAgent } from "../../src/agent/loop.ts";
import type { Json, ModelError, Turn, TurnRequest } from "../../src/agent/model.ts";
import { scriptedModel, type ScriptedModel } from "../../src/outside/memory/model.ts";
import { hastyClock } from "./manual-clock.ts";

export const turnUsage: Turn["usage"] = {
  inputTokens: 1,
  outputTokens: 2,
  cacheReadTokens: 3,
  cacheWriteTokens: 4,
  costUsd: 0.5,
};

export function say(text: string, stopReason: Turn["stopReason"] = "end"): Turn {
  return { content: [{ kind: "text", text }], stopReason, usage: turnUsage };
}

let calls = 0;

/** A turn with calls, each a name and its input. */
export function call(...wanted: readonly (readonly [name: string, input: Json])[]): Turn {
  return {
    content: wanted.map(([name, input]) => ({
      kind: "tool-use",
      id: `tool_${(calls += 1)}`,
      name,
      input,
    })),
    stopReason: "tool-use",
    usage: turnUsage,
  };
}

export function task(over: Partial<AgentTask> = {}): AgentTask {
  return {
    role: "worker",
    task: [{ kind: "instructions", text: "Do it." }],
    files: null,
    answer: null,
    model: "claude-sonnet-5-5",
    effort: null,
    limits: {
      turns: 20,
      turnOutputTokens: 1000,
      answerAttempts: 5,
      wallClockMs: 600_000,
    },
    ...over,
  };
}

export const numberAnswer: AgentTask["answer"] = {
  type: "object",
  properties: { n: { type: "integer", minimum: 1 } },
  required: ["n"],
  additionalProperties: false,
};

/** Plays the turns in order; asking for one more is the test's mistake and fails it. */
export async function play(
  turns: readonly (Turn | ModelError)[],
  over: Partial<AgentTask> = {},
  world: Partial<AgentWorld> = {},
): Promise<{ end: AgentEnd; model: ScriptedModel }> {
  const model = scriptedModel((_request, n) => {
    const turn = turns[n];
    if (turn === undefined) throw new Error(`The test planned no turn ${n + 1}.`);
    return turn;
  });
  const end = await runAgent(
    { model, clock: hastyClock(120_000), ...world },
    task(over),
    new AbortController().signal,
  );
  return { end, model };
}

/** What was sent back to the model last: texts and results. */
export function lastHeard(request: TurnRequest | undefined): string {
  const last = request?.messages.at(-1);
  if (last?.role !== "user") return "";
  return last.content.map((part) => part.text).join("\n");
}
