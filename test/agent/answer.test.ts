// Answers against schemas: what fits, what does not and in which words, and schemas that no answer fits.

import { expect, it } from "vitest";

import { compileAnswerCheck } from "../../src/agent/answer.ts";
import type { JsonSchema } from "../../src/agent/json-schema.ts";
import type { Json } from "../../src/agent/model.ts";
import { ChangeAnswer, changeAnswerSchema } from "../../src/agent/tasks/change.ts";

function judge(schema: JsonSchema, answer: Json): string {
  const compiled = compileAnswerCheck(schema);
  if (!compiled.ok) return `unusable: ${compiled.why}`;
  const checked = compiled.check(answer);
  return checked.fits ? "fits" : checked.why;
}

const object = (properties: JsonSchema, more: JsonSchema = {}): JsonSchema => ({
  type: "object",
  properties,
  ...more,
});

it.each<[string, JsonSchema, Json, RegExp]>([
  [
    "a missing key",
    object({ a: { type: "string" } }, { required: ["a"] }),
    {},
    /required property 'a'/,
  ],
  [
    "a wrong choice",
    object({ a: { enum: ["x", "y"] } }),
    { a: "z" },
    /\/a .*allowed values: \["x","y"\]/,
  ],
  [
    "a broken format",
    object({ a: { type: "string", format: "email" } }),
    { a: "x" },
    /\/a must match format "email"/,
  ],
  [
    "a text beside its pattern",
    object({ a: { type: "string", pattern: "^a+$" }, b: { type: "string", pattern: "^b+$" } }),
    { a: "aa", b: "aa" },
    /^\/b must match pattern "\^b\+\$"$/,
  ],
  [
    "a wrong tuple",
    object({ a: { prefixItems: [{ type: "number" }] } }),
    { a: ["x"] },
    /\/a\/0 must be number/,
  ],
  ["no object at all", object({}), "text", /the answer must be object/],
  [
    "several mistakes at once",
    object({ a: { type: "string" }, b: { type: "string" } }),
    { a: 1, b: 2 },
    /\/a must be string; \/b must be string/,
  ],
])("names %s", (...[, schema, answer, words]) => {
  expect(judge(schema, answer)).toMatch(words);
});

it.each<[string, JsonSchema, Json]>([
  [
    "unknown keywords and formats",
    object({ a: { type: "string", format: "of-next-year", "x-note": 1 } }),
    { a: "b" },
  ],
  [
    "references to its own definitions",
    object({ a: { $ref: "#/$defs/n" } }, { $defs: { n: { type: "integer" } } }),
    { a: 1 },
  ],
])("takes a schema with %s", (_name, schema, answer) => {
  expect(judge(schema, answer)).toBe("fits");
});

it.each<[string, JsonSchema, RegExp]>([
  ["of another root type", { type: "array" }, /type "object" at its root/],
  [
    "that requires what it rules out",
    object({}, { required: ["a"], additionalProperties: false }),
    /requires "a"/,
  ],
  ["that refers to nowhere", object({ a: { $ref: "https://example.com/x.json" } }), /reference/],
  ["that is no schema", object({ a: { type: "strnig" } }), /./],
  [
    "with a pattern that is none",
    object({ a: { type: "string", pattern: "(" } }),
    /regular expression/i,
  ],
])("refuses a schema %s before any work", (_name, schema, words) => {
  expect(judge(schema, {})).toMatch(/^unusable: /);
  expect(judge(schema, {})).toMatch(words);
});

it("takes the same schema twice, though it has an id", () => {
  const schema = object({}, { $id: "urn:example:same" });
  expect([judge(schema, {}), judge(schema, {})]).toEqual(["fits", "fits"]);
});

it("gives up a pattern that would hold up everybody, and says which", () => {
  const schema = object({ a: { type: "string", pattern: "^(a+)+$" } });
  expect(judge(schema, { a: "aaaa" })).toBe("fits");
  expect(judge(schema, { a: `${"a".repeat(40)}!` })).toMatch(
    /pattern \^\(a\+\)\+\$ took over 100 ms/,
  );
});

it("cuts a flood of mistakes", () => {
  const properties = Object.fromEntries(
    Array.from({ length: 300 }, (_, n) => [`k${n}`, { type: "string" }]),
  );
  const answer = Object.fromEntries(Array.from({ length: 300 }, (_, n) => [`k${n}`, n]));
  expect(judge(object(properties), answer)).toMatch(/; and 290 more$/);
});

it("keeps a script's schema whole within the answer of a change", () => {
  const wanted = object(
    { n: { $ref: "#/$defs/n" } },
    { $defs: { n: { type: "integer" } }, required: ["n"] },
  );
  const schema = changeAnswerSchema(wanted);
  expect(judge(schema, { summary: "Did it.", result: { n: 1 } })).toBe("fits");
  expect(judge(schema, { summary: "Did it.", result: { n: "x" } })).toContain(
    "/result/n must be integer",
  );
  expect(judge(schema, { summary: "Did it." })).toContain("'result'");
  expect(judge(changeAnswerSchema(null), { summary: "Did it." })).toBe("fits");
  expect(ChangeAnswer.parse({ summary: "Did it.", result: { n: 1 } }).result).toEqual({ n: 1 });
});

it.each<[string, JsonSchema, RegExp]>([
  [
    "requires a key that is not described",
    object({ a: {} }, { required: ["a", "b"] }),
    /requires "b", which is not among its properties/,
  ],
  [
    "crosses its bounds",
    object({ n: { type: "integer", minimum: 5, maximum: 1 } }, { required: ["n"] }),
    /^unusable: n has minimum 5 and maximum 1/,
  ],
  [
    "asks for more than it allows, deep inside",
    object(
      {
        list: {
          type: "array",
          minItems: 1,
          items: object({ x: { enum: [] } }, { required: ["x"] }),
        },
      },
      { required: ["list"] },
    ),
    /^unusable: list\[\]\.x must be one of an empty enum/,
  ],
  [
    "rules out what it requires",
    object({ a: false }, { required: ["a"] }),
    /^unusable: a is ruled out/,
  ],
  [
    "has a const beside its enum",
    object({ a: { const: 1, enum: [2, 3] } }, { required: ["a"] }),
    /a has a const that is not in its enum/,
  ],
  [
    "contradicts itself in one of all its parts",
    object({ a: { allOf: [{ minLength: 3, maxLength: 2 }] } }, { required: ["a"] }),
    /a has minLength 3 and maxLength 2/,
  ],
])("P24 a schema that %s fails before the worker starts, and is named", (_, schema, words) => {
  expect(judge(schema, {})).toMatch(words);
  expect(judge(schema, {})).toMatch(/^unusable: /);
});

it.each<[string, JsonSchema, Json]>([
  ["an impossible key may be left out", object({ a: false }), {}],
  [
    "an impossible item may not be there",
    object({ a: { type: "array", items: false } }, { required: ["a"] }),
    { a: [] },
  ],
  [
    "another type may be given",
    object({ a: { required: ["b"], additionalProperties: false } }, { required: ["a"] }),
    { a: 1 },
  ],
])("P24 a schema is not refused where %s", (_, schema, answer) => {
  expect(judge(schema, answer)).toBe("fits");
});
