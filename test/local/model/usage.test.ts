import { expect, test } from "vitest";

import type { MessagesRequest } from "../../../src/local/model/protocol.ts";
import { createPromptCache, inputTokensOf } from "../../../src/local/model/usage.ts";

const LONG = "word ".repeat(2000);
const CACHED = { type: "ephemeral" } as const;
const FIVE_MINUTES_MS = 5 * 60_000;

function request(question: string, change: Partial<MessagesRequest> = {}): MessagesRequest {
  return {
    model: "claude-opus-5-5",
    max_tokens: 10,
    system: [{ type: "text", text: LONG, cache_control: CACHED }],
    messages: [{ role: "user", content: question }],
    ...change,
  };
}

function account(cache: ReturnType<typeof createPromptCache>, body: MessagesRequest, at = 0) {
  const bill = cache.account(body, "key", at);
  bill.open();
  return bill.usage;
}

test("the first request writes the prefix, the next one reads it, and nothing is counted twice", () => {
  const cache = createPromptCache();
  const first = account(cache, request("one"));
  const second = account(cache, request("two"));
  expect(first.cache_creation_input_tokens).toBeGreaterThan(2000);
  expect(first.cache_read_input_tokens).toBe(0);
  expect(second.cache_read_input_tokens).toBe(first.cache_creation_input_tokens);
  expect(second.cache_creation_input_tokens).toBe(0);
  const sum = first.input_tokens + first.cache_creation_input_tokens;
  expect(sum).toBe(inputTokensOf(request("one")));
});

test("two that start together both pay: an entry is readable only once an answer began", () => {
  const cache = createPromptCache();
  const one = cache.account(request("one"), "key", 0);
  const two = cache.account(request("two"), "key", 0);
  one.open();
  two.open();
  expect([one.usage, two.usage].map((usage) => usage.cache_read_input_tokens)).toEqual([0, 0]);
});

test("reading refreshes an entry; five minutes without reading end it", () => {
  const cache = createPromptCache();
  account(cache, request("one"));
  expect(
    account(cache, request("two"), FIVE_MINUTES_MS - 1).cache_read_input_tokens,
  ).toBeGreaterThan(0);
  expect(
    account(cache, request("three"), 2 * FIVE_MINUTES_MS - 2).cache_read_input_tokens,
  ).toBeGreaterThan(0);
  expect(account(cache, request("four"), 4 * FIVE_MINUTES_MS).cache_read_input_tokens).toBe(0);
});

test.each<[string, Partial<MessagesRequest>]>([
  ["model", { model: "claude-sonnet-5-5" }],
  ["effort", { output_config: { effort: "low" } }],
  ["tools", { tools: [{ name: "look", input_schema: { type: "object" } }] }],
  ["an earlier text", { system: [{ type: "text", text: `${LONG}!`, cache_control: CACHED }] }],
])("another %s is another prefix", (_, change) => {
  const cache = createPromptCache();
  account(cache, request("one"));
  expect(account(cache, request("one", change)).cache_read_input_tokens).toBe(0);
});

test("another key does not read this one's entries", () => {
  const cache = createPromptCache();
  account(cache, request("one"));
  expect(cache.account(request("one"), "other", 1).usage.cache_read_input_tokens).toBe(0);
});

test("a prefix below the model's minimum is silently not cached", () => {
  const cache = createPromptCache();
  const short = request("one", {
    system: [{ type: "text", text: "short", cache_control: CACHED }],
  });
  expect(account(cache, short).cache_creation_input_tokens).toBe(0);
  const haiku = request("one", { model: "claude-haiku-4-5" });
  expect(account(cache, haiku).cache_creation_input_tokens).toBe(0);
});

test("a growing conversation reads what its last turn wrote, through the automatic breakpoint", () => {
  const cache = createPromptCache();
  const turns = request("one", { cache_control: CACHED });
  const written = account(cache, turns);
  const grown = {
    ...turns,
    messages: [
      ...turns.messages,
      { role: "assistant" as const, content: LONG },
      { role: "user" as const, content: "more" },
    ],
  };
  const read = account(cache, grown);
  expect(read.cache_read_input_tokens).toBe(
    written.cache_creation_input_tokens + written.cache_read_input_tokens,
  );
  expect(read.cache_creation_input_tokens).toBeGreaterThan(2000);
});

test("an entry more than twenty blocks back is out of a breakpoint's sight", () => {
  const cache = createPromptCache();
  const turns = request("one", { system: LONG, cache_control: CACHED });
  account(cache, turns);
  const blocks = (count: number) =>
    Array.from({ length: count }, () => ({ type: "text" as const, text: "x" }));
  const grown = (count: number) => ({
    ...turns,
    messages: [...turns.messages, { role: "user" as const, content: blocks(count) }],
  });
  expect(account(cache, grown(25)).cache_read_input_tokens).toBe(0);
  expect(account(cache, grown(20)).cache_read_input_tokens).toBeGreaterThan(0);
});
