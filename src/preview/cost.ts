// What a preview's agents would cost: list prices times what agents of their kind usually use, low and high.

import { type ModelPrice, models, priceOf } from "../config/models.ts";

/** Kinds of agents by how much they read and write. */
export type Kind = "reader" | "worker" | "reviewer";

/** Agents of one call, alike. */
export interface Priced {
  kind: Kind;
  agents: number;
  model: string;
  effort: string | null;
}

export interface CostRange {
  low: number;
  high: number;
}

interface Tokens {
  fresh: number;
  cached: number;
  output: number;
}

/** Tokens of one agent. Low: a small task in few turns. High: many files over dozens of turns, read from the cache. */
const USUAL: Readonly<Record<Kind, { low: Tokens; high: Tokens }>> = {
  reader: {
    low: { fresh: 10_000, cached: 20_000, output: 1_000 },
    high: { fresh: 60_000, cached: 600_000, output: 8_000 },
  },
  worker: {
    low: { fresh: 15_000, cached: 60_000, output: 2_000 },
    high: { fresh: 80_000, cached: 1_200_000, output: 20_000 },
  },
  reviewer: {
    low: { fresh: 6_000, cached: 10_000, output: 700 },
    high: { fresh: 40_000, cached: 300_000, output: 5_000 },
  },
};

/** How much more an agent writes that thinks harder; only the high end grows. */
const EFFORT: Readonly<Record<string, number>> = {
  low: 0.5,
  medium: 1,
  high: 1.5,
  xhigh: 2.5,
  max: 4,
};

/** In a sentence, what the range rests on. */
export const BASIS =
  "list prices; 1,000 to 20,000 output tokens a worker, 1,000 to 8,000 a reader, 700 to 5,000 a reviewer, input mostly from the cache";

/** How much of what is usual is the same for all agents: the role's words and the tools. */
const USUAL_PREFIX_TOKENS = 4_000;
/** How often an agent sends its prefix again, and reads it from the cache. */
const TURNS = { low: 4, high: 20 } as const;

/**
 * The range of all calls together, where each agent's first turn begins with `prefixTokens` as the provider counts them (null:
 * nobody counted, and the usual is assumed); and the models whose price nobody knows: they are counted at the dearest one. */
export function costOf(
  calls: readonly Priced[],
  prefixTokens: number | null = null,
): { costUsd: CostRange; unpriced: string[] } {
  const beyond = Math.max(0, (prefixTokens ?? 0) - USUAL_PREFIX_TOKENS);
  const unpriced = new Set<string>();
  let low = 0;
  let high = 0;
  for (const { kind, agents, model, effort } of calls) {
    const known = priceOf(model);
    if (known === null) unpriced.add(model);
    const price = known ?? dearest();
    low += agents * costOfOne(USUAL[kind].low, price, 1);
    high += agents * costOfOne(USUAL[kind].high, price, EFFORT[effort ?? "medium"] ?? 1);
    // Written by the first of them, read by all.
    const written = (beyond * price.cacheWriteUsd) / 1_000_000;
    const readOnce = (agents * beyond * price.cacheReadUsd) / 1_000_000;
    low += written + readOnce * TURNS.low;
    high += written + readOnce * TURNS.high;
  }
  return { costUsd: { low: cents(low), high: cents(high) }, unpriced: [...unpriced] };
}

/** Tokens of all calls together that are not read from the cache, between the low end and the high one. */
export function projectedTokens(calls: readonly Priced[]): number {
  const ofOne = ({ fresh, output }: Tokens): number => fresh + output;
  return calls.reduce((sum, { kind, agents }) => {
    const { low, high } = USUAL[kind];
    return sum + (agents * (ofOne(low) + ofOne(high))) / 2;
  }, 0);
}

function costOfOne({ fresh, cached, output }: Tokens, price: ModelPrice, effort: number): number {
  const { cacheWriteUsd, cacheReadUsd, outputUsd } = price;
  return (fresh * cacheWriteUsd + cached * cacheReadUsd + output * effort * outputUsd) / 1_000_000;
}

function dearest(): ModelPrice {
  const prices = models.flatMap(({ price }) => price ?? []);
  return prices.reduce((most, price) => (price.outputUsd > most.outputUsd ? price : most));
}

const cents = (usd: number): number => Math.round(usd * 100) / 100;
