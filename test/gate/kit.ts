// Turns for the gate's tests: agents that only talk, on a clock that runs as fast as it can.

import type { Role } from "../../src/agent/agent.ts";
import type { Hearing, Message, Model, Turn, TurnRequest } from "../../src/agent/model.ts";
import { createManualClock, type ManualClock } from "../../src/outside/memory/clock.ts";
import type { LimitedModelOptions } from "../../src/outside/memory/limited-model.ts";

export interface Person {
  installation?: number;
  run?: string;
  role?: Role;
}

export const caller = ({ installation = 1, run = "wf-a", role = "worker" }: Person = {}) => ({
  installation,
  run,
  role,
});

/** A request whose prefix is about this many tokens long. */
export function request(over: Partial<TurnRequest> & { prefixTokens?: number } = {}): TurnRequest {
  const { prefixTokens = 0, ...rest } = over;
  return {
    model: "claude-sonnet-5-5",
    effort: null,
    system: "s".repeat(prefixTokens * 4),
    tools: [],
    messages: [{ role: "user", content: [{ kind: "text", text: "Do it." }] }],
    maxTokens: 1000,
    ...rest,
  };
}

export const usage: Turn["usage"] = {
  inputTokens: 10,
  outputTokens: 100,
  cacheReadTokens: 0,
  cacheWriteTokens: 0,
  costUsd: null,
};

export const said: Turn = { content: [{ kind: "text", text: "ok" }], stopReason: "end", usage };

export const speaking: Pick<LimitedModelOptions, "firstByteMs" | "restMs" | "answer"> = {
  firstByteMs: 2000,
  restMs: 8000,
  answer: () => ({ content: [{ kind: "text", text: "ok" }], outputTokens: 100 }),
};

/** Lets time run until all is settled; every step goes to the next moment at which somebody wakes. */
export async function untilDone<T>(clock: ManualClock, work: Promise<T>): Promise<T> {
  const end = { settled: false };
  const done = work.finally(() => {
    end.settled = true;
  });
  done.catch(() => undefined);
  while (!end.settled) {
    await new Promise(setImmediate);
    await clock.advance(100);
  }
  return done;
}

/** One agent's conversation of so many turns; the same words first, so that siblings share a prefix. */
export async function converse(
  model: Model,
  { turns, prefixTokens, words }: { turns: number; prefixTokens: number; words: string },
): Promise<void> {
  const messages: Message[] = [{ role: "user", content: [{ kind: "text", text: words }] }];
  for (let turn = 0; turn < turns; turn += 1) {
    const { content } = await model.turn(
      request({ prefixTokens, messages: [...messages] }),
      new AbortController().signal,
    );
    messages.push({ role: "assistant", content });
    messages.push({ role: "user", content: [{ kind: "text", text: `${words} ${turn}` }] });
  }
}

/** A model whose turns are answered by hand. */
export function byHand(): Model & {
  open: {
    request: TurnRequest;
    hearing: Hearing;
    answer: (turn: Turn) => void;
    fail: (error: Error) => void;
  }[];
} {
  const open: ReturnType<typeof byHand>["open"] = [];
  return {
    open,
    turn: (asked, signal, hearing = {}) => {
      const { promise, resolve, reject } = Promise.withResolvers<Turn>();
      signal.addEventListener("abort", () => reject(signal.reason));
      open.push({ request: asked, hearing, answer: resolve, fail: reject });
      return promise;
    },
  };
}

export const freshClock = (): ManualClock => createManualClock();
export const forever = (): AbortSignal => new AbortController().signal;
