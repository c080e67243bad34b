// Stand-in answers: whatever the schema, they fit it, and equal seeds give equal ones.

import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { compileAnswerCheck } from "../../src/agent/answer.ts";
import type { JsonObject } from "../../src/engine/json.ts";
import { standInFor } from "../../src/preview/stand-in/answer.ts";
import { moodOf } from "../../src/preview/stand-in/mood.ts";

const bounds = fc.tuple(fc.integer({ min: 0, max: 6 }), fc.integer({ min: 0, max: 6 }));

const plain: fc.Arbitrary<JsonObject> = fc.oneof(
  bounds.map(([low, more]) => ({ type: "string", minLength: low, maxLength: low + more })),
  bounds.map(([low, more]) => ({ type: "integer", minimum: low, maximum: low + more })),
  bounds.map(([low, more]) => ({ type: "number", exclusiveMinimum: low, maximum: low + more + 1 })),
  bounds.map(([step]) => ({ type: "integer", multipleOf: step + 1 })),
  fc.constantFrom<JsonObject>(
    { type: "boolean" },
    { type: ["string", "null"] },
    { const: 5 },
    { enum: ["a", "b", null, 3] },
    { type: "string", pattern: "^[a-z]{2,4}-\\d+$" },
    ...["date", "date-time", "email", "uri", "uuid", "ipv4", "hostname", "time"].map((format) => ({
      type: "string",
      format,
    })),
  ),
);

const { schema } = fc.letrec<{ schema: JsonObject }>((tie) => ({
  schema: fc.oneof(
    { maxDepth: 3 },
    plain,
    fc.tuple(tie("schema"), bounds).map(([items, [low, more]]) => ({
      type: "array",
      items,
      minItems: low,
      maxItems: low + more,
    })),
    fc
      .dictionary(fc.constantFrom("path", "done", "items", "x"), tie("schema"))
      .map((properties) => ({ type: "object", properties, required: Object.keys(properties) })),
    fc.tuple(plain, tie("schema")).map((anyOf) => ({ anyOf })),
    tie("schema").map((one) => ({ allOf: [one, {}] })),
  ),
}));

const profiles = fc.constantFrom(
  "usual" as const,
  "mixed" as const,
  "plenty" as const,
  "sparse" as const,
);

describe("A stand-in answer", () => {
  it("fits its schema in every profile and round, the same for the same seed", () => {
    const cases = fc.tuple(schema, profiles, fc.integer({ min: 1, max: 8 }), fc.string());
    fc.assert(
      fc.property(cases, ([part, profile, round, seed]) => {
        const whole: JsonObject = { type: "object", properties: { it: part }, required: ["it"] };
        const given = { seed, mood: moodOf(profile, round), paths: ["a.js"], words: new Map() };
        const made = standInFor(whole, given);
        expect(made).toMatchObject({ fits: true });
        expect(standInFor(whole, given)).toEqual(made);
        const compiled = compileAnswerCheck(whole);
        expect(compiled.ok && compiled.check(made.value)).toEqual({ fits: true });
      }),
      { numRuns: 30, endOnFailure: true },
    );
  });

  it.each<[string, JsonObject]>([
    ["unique items", { type: "array", uniqueItems: true, minItems: 3, items: { enum: [1, 2, 3] } }],
    [
      "a tuple",
      { type: "array", prefixItems: [{ type: "string" }, { type: "integer" }], items: false },
    ],
    ["something contained", { type: "array", contains: { const: 7 }, items: { type: "integer" } }],
    ["a map", { type: "object", additionalProperties: { type: "integer" }, minProperties: 2 }],
    [
      "pattern properties",
      {
        type: "object",
        patternProperties: { "^x-": { type: "string" } },
        minProperties: 1,
        additionalProperties: false,
      },
    ],
    [
      "one of two objects",
      {
        oneOf: [
          { type: "object", required: ["a"], properties: { a: { const: 1 } } },
          { type: "object", required: ["b"], properties: { b: { const: 2 } } },
        ],
      },
    ],
    [
      "a condition",
      {
        type: "object",
        required: ["k"],
        properties: { k: { enum: ["a", "b"] } },
        if: { properties: { k: { const: "a" } } },
        // oxlint-disable-next-line unicorn/no-thenable -- a keyword of JSON Schema
        then: { required: ["x"], properties: { x: { type: "integer" } } },
        else: { required: ["y"] },
      },
    ],
    [
      "dependents",
      {
        type: "object",
        properties: { a: { type: "string" }, b: { type: "string" } },
        dependentRequired: { a: ["b"] },
      },
    ],
    ["a negation", { type: "integer", minimum: 0, maximum: 3, not: { const: 1 } }],
  ])("can have %s", (_, part) => {
    const whole = { type: "object", required: ["it"], properties: { it: part } };
    for (const profile of ["usual", "plenty", "sparse"] as const) {
      const given = { seed: "1", mood: moodOf(profile, 1), paths: [], words: new Map() };
      expect(standInFor(whole, given)).toMatchObject({ fits: true });
    }
  });

  it("says why when nothing fits", () => {
    const whole = {
      type: "object",
      required: ["it"],
      properties: { it: { allOf: [{ type: "string" }, { type: "integer" }] } },
    };
    const given = { seed: "1", mood: moodOf("usual", 1), paths: [], words: new Map() };
    expect(standInFor(whole, given)).toMatchObject({
      fits: false,
      why: expect.stringContaining("it"),
    });
  });
});
