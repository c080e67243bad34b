// A provider that keeps the published limits of its tier, over all processes that ask it.

import { type Hearing, type Model, ModelError, type Turn } from "../../src/agent/model.ts";
import type { Clock } from "../../src/world/clock.ts";
import { turn as size } from "./sizes.ts";

const MINUTE_MS = 60_000;

export interface Provider extends Model {
  readonly taken: number;
  readonly refused: number;
}

interface Budget {
  limit: number;
  level: number;
  at: number;
}

type Budgets = Record<"requests" | "inputTokens" | "outputTokens", Budget>;

/** `perMinute` is what is refilled continuously, and the most that a budget holds. */
export function createProvider(clock: Clock, perMinute: Record<keyof Budgets, number>): Provider {
  const open = (limit: number): Budget => ({ limit, level: limit, at: clock.now() });
  const budgets: Budgets = {
    requests: open(perMinute.requests),
    inputTokens: open(perMinute.inputTokens),
    outputTokens: open(perMinute.outputTokens),
  };
  const sums = { taken: 0, refused: 0 };
  return {
    get taken() {
      return sums.taken;
    },
    get refused() {
      return sums.refused;
    },
    turn: async (_, signal, hearing = {}) => {
      const waitMs = longestWait(budgets, clock.now());
      hearing.limits?.(stated(budgets));
      if (waitMs > 0) {
        sums.refused += 1;
        const retryAfterMs = Math.ceil(waitMs / 1000) * 1000;
        throw new ModelError("rate-limit", "The budget of this minute is used up.", {
          retryAfterMs,
        });
      }
      sums.taken += 1;
      budgets.requests.level -= 1;
      budgets.inputTokens.level -= size.inputTokens;
      return speak(clock, budgets, { signal, hearing });
    },
  };
}

async function speak(
  clock: Clock,
  { outputTokens }: Budgets,
  { signal, hearing }: { signal: AbortSignal; hearing: Hearing },
): Promise<Turn> {
  await clock.sleep(size.firstByteMs, signal);
  hearing.streaming?.();
  await clock.sleep(size.restMs, signal);
  outputTokens.level -= size.outputTokens;
  const usage = {
    inputTokens: size.inputTokens,
    outputTokens: size.outputTokens,
    cacheReadTokens: 0,
    cacheWriteTokens: 0,
    costUsd: null,
  };
  return { content: [{ kind: "text", text: "Done." }], stopReason: "end", usage };
}

function longestWait({ requests, inputTokens, outputTokens }: Budgets, now: number): number {
  for (const budget of [requests, inputTokens, outputTokens]) {
    budget.level = Math.min(
      budget.limit,
      budget.level + ((now - budget.at) / MINUTE_MS) * budget.limit,
    );
    budget.at = now;
  }
  const wait = ({ level, limit }: Budget, amount: number): number =>
    (Math.max(0, amount - level) / limit) * MINUTE_MS;
  return Math.max(wait(requests, 1), wait(inputTokens, size.inputTokens), wait(outputTokens, 1));
}

const stated = ({ requests, inputTokens, outputTokens }: Budgets) => ({
  requests: left(requests),
  inputTokens: left(inputTokens),
  outputTokens: left(outputTokens),
});

const left = ({ limit, level }: Budget) => ({ limit, remaining: Math.max(0, Math.floor(level)) });
