// Names people type become full ids, and only known models have a price.

import { expect, it } from "vitest";

import { choose, models, priceOf, resolveModel, thinksWhenAsked } from "../../src/config/models.ts";

it.each([
  ["haiku", "claude-haiku-5-5"],
  ["Sonnet", "claude-sonnet-5-5"],
  [" opus ", "claude-opus-5-5"],
  ["fable", "claude-fable-5-2"],
  ["claude-opus-4-8", "claude-opus-4-8"],
])("%s is %s", (name, id) => {
  expect(resolveModel(name)).toEqual({ id, known: true });
});

it("passes an unknown name on and says that it is unknown and has no price", () => {
  expect(resolveModel("llama-next")).toEqual({ id: "llama-next", known: false });
  expect(priceOf("llama-next")).toBeNull();
});

it.each([
  "claude-haiku-4-5-20251001",
  "claude-haiku-4-5@20251001",
  "anthropic.claude-haiku-4-5-20251001-v1:0",
  "eu.anthropic.claude-haiku-4-5",
])("knows %s by its model, and passes it on as it stands", (name) => {
  expect(priceOf(name)).toEqual(priceOf("claude-haiku-4-5"));
  expect(priceOf(name)).not.toBeNull();
  expect(resolveModel(name)).toEqual({ id: name, known: true });
});

it.each([
  ["sonnet", 2, 10, 2.5, 0.1],
  ["opus", 4, 20, 5, 0.2],
  ["fable", 8, 40, 10, 0.2],
  ["claude-opus-4-8", 5, 25, 6.25, 0.5],
  ["claude-sonnet-4-6", 3, 15, 3.75, 0.3],
])("prices %s as its maker lists it", (name, ...listed) => {
  const { inputUsd, outputUsd, cacheWriteUsd, cacheReadUsd } = priceOf(name) ?? unpriced;
  const priced = [inputUsd, outputUsd, cacheWriteUsd, cacheReadUsd];
  for (const [at, usd] of listed.entries()) expect(priced[at]).toBeCloseTo(usd, 6);
});

const unpriced = { inputUsd: 0, outputUsd: 0, cacheWriteUsd: 0, cacheReadUsd: 0 };

it.each([
  ["claude-opus-4-8", "max", "max"],
  ["claude-opus-4-6", "xhigh", "high"],
  ["claude-sonnet-4-6", "max", "max"],
  ["claude-opus-4-5", "max", "high"],
  ["haiku", "low", "low"],
  ["claude-haiku-4-5", "high", null],
  ["eu.anthropic.claude-sonnet-4-5-20250929-v1:0", "low", null],
  ["somebody-elses-model", "xhigh", "xhigh"],
] as const)("asks %s for no more than it takes where %s is wanted", (name, wanted, effort) => {
  const effortRefused = effort === wanted ? null : wanted;
  expect(choose(name, wanted)).toMatchObject({ effort, effortRefused });
});

it("asks those to think that only do so when asked", () => {
  const asked = models.filter(({ id }) => thinksWhenAsked(id)).map(({ id }) => id);
  expect(asked).toEqual([
    "claude-opus-4-8",
    "claude-opus-4-7",
    "claude-opus-4-6",
    "claude-sonnet-4-6",
  ]);
});

it("gives no name to two models", () => {
  const names = models.flatMap(({ id, aliases }) => [id, ...aliases]);
  expect(new Set(names).size).toBe(names.length);
});
