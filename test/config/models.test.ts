// Names people type become full ids, and only known models have a price.

import { expect, it } from "vitest";

import { models, priceOf, resolveModel } from "../../src/config/models.ts";

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
  expect(priceOf(name)).toEqual(priceOf("haiku"));
  expect(resolveModel(name)).toEqual({ id: name, known: true });
});

it("prices cache writes at 1.25 and reads at a tenth of the input", () => {
  expect(priceOf("sonnet")).toEqual({
    inputUsd: 3,
    outputUsd: 15,
    cacheWriteUsd: 3.75,
    cacheReadUsd: 3 * 0.1,
  });
});

it("gives no name to two models", () => {
  const names = models.flatMap(({ id, aliases }) => [id, ...aliases]);
  expect(new Set(names).size).toBe(names.length);
});
