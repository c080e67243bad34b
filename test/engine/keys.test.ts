// Journals live longer than this version: the name of a call must never change.

import { createHash } from "node:crypto";

import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { isJson } from "../../src/engine/is-json.ts";
import { Entry } from "../../src/engine/journal.ts";
import type { Json } from "../../src/engine/json.ts";
import { canonical, createKeys } from "../../src/engine/run/keys.ts";

// As it was when the first journals were written.
function firstCanonical(value: Json): string {
  return JSON.stringify(value, (_, part: Json) => {
    if (typeof part !== "object" || part === null || Array.isArray(part)) return part;
    const keys = Object.keys(part).sort();
    return Object.fromEntries(keys.map((key) => [key, part[key] ?? null]));
  });
}

const key = fc.oneof(fc.constantFrom("1", "10", "9", "a", "B", "__proto__", "é"), fc.string());
const { json } = fc.letrec<{ json: Json }>((tie) => ({
  json: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.constant(null)),
    fc.array(tie("json"), { maxLength: 4 }),
    fc.dictionary(key, tie("json"), { maxKeys: 5, noNullPrototype: true }),
  ),
}));

describe("The name of a call", () => {
  it("is the same as in the first journals, whatever is asked", () => {
    fc.assert(
      fc.property(json, (value) => {
        expect(canonical(value)).toBe(firstCanonical(value));
      }),
      { numRuns: 1_000, seed: 5 },
    );
    const asked = { prompt: "a", effort: "high" };
    const hash = createHash("sha256").update('["agent",{"effort":"high","prompt":"a"}]');
    expect(createKeys()("agent", asked)).toBe(`${hash.digest("hex").slice(0, 20)}.1`);
  });
});

describe("A journal's values", () => {
  const entry = (value: unknown): unknown => ({
    v: 1,
    kind: "call-ended",
    key: "k",
    step: "agent",
    outcome: { ok: true, value },
    at: 1,
  });

  it("are whatever JSON can say", () => {
    fc.assert(
      fc.property(json, (value) => {
        expect(isJson(value)).toBe(true);
        expect(Entry.parse(entry(value))).toEqual(entry(value));
      }),
      { numRuns: 300, seed: 5 },
    );
  });

  it.each([
    ["nothing at all", undefined],
    ["a number JSON cannot say", Number.NaN],
    ["a function", () => 1],
    ["a date", new Date(0)],
    ["a map, deep inside", { list: [{ map: new Map() }] }],
    ["a big number", 1n],
  ])("are never %s", (_, value) => {
    expect(Entry.safeParse(entry(value)).success).toBe(false);
  });
});
