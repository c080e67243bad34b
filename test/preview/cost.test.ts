// A quote knows what every agent of this repository has to read before it begins.

import { expect, it } from "vitest";

import { costOf } from "../../src/preview/cost.ts";

const workers = { kind: "worker", agents: 10, model: "claude-sonnet-4-6", effort: null } as const;

it("A prefix that was counted makes every agent dearer by what is beyond the usual, written once and read by all", () => {
  const { low, high } = costOf([workers]).costUsd;
  expect(costOf([workers], null).costUsd).toEqual({ low, high });
  expect(costOf([workers], 4_000).costUsd).toEqual({ low, high });
  const long = costOf([workers], 104_000).costUsd;
  // 100,000 tokens at $3.75 a million once, and at $0.30 for each turn of each agent.
  expect(long.low - low).toBeCloseTo(0.375 + 10 * 4 * 0.03, 1);
  expect(long.high - high).toBeCloseTo(0.375 + 10 * 20 * 0.03, 1);
});
