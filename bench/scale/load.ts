// When runs are asked for, and where: the same ones for the same seed.

import type { Scenario } from "./sizes.ts";
import { run } from "./sizes.ts";

const DAY_MS = 24 * 60 * 60_000;
/** The busiest moment of a day beside its mean. */
const PEAK = 1.8;
/** The largest installations are so many ranks down an ideal Zipf's law: none has a tenth of the world's load. */
const FIRST_RANK = 10;

export interface Ask {
  run: string;
  installation: number;
  at: number;
}

/** In the order of their times. */
export function asksOf({ installations, agents, hours }: Scenario, seed: number): Ask[] {
  const random = randomOf(seed);
  const ends = sharesUpTo(installations);
  const perDay = agents / (2 * run.writers);
  const asks: Ask[] = [];
  for (let at = 0; at < hours * 3_600_000;) {
    // A Poisson process at its peak, thinned to the time of day.
    at += (-Math.log(1 - random()) * DAY_MS) / (perDay * PEAK);
    if (random() > busy(at) / PEAK) continue;
    asks.push({ run: `wf-${asks.length}`, installation: rankOf(ends, random()), at });
  }
  return asks.filter((ask) => ask.at < hours * 3_600_000);
}

/** Load at a time of day, beside the mean of the day: lowest at its start. */
const busy = (at: number): number => 1 - (PEAK - 1) * Math.cos((2 * Math.PI * at) / DAY_MS);

function sharesUpTo(count: number): number[] {
  const weights = Array.from({ length: count }, (_, rank) => 1 / (rank + FIRST_RANK));
  const all = weights.reduce((sum, weight) => sum + weight, 0);
  let sum = 0;
  return weights.map((weight) => (sum += weight / all));
}

function rankOf(ends: readonly number[], at: number): number {
  let from = 0;
  let to = ends.length - 1;
  while (from < to) {
    const middle = (from + to) >> 1;
    if ((ends[middle] ?? 1) < at) from = middle + 1;
    else to = middle;
  }
  return from;
}

/** Mulberry32. */
export function randomOf(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
