// Shows references, alternatives, patterns, formats and bounds in a schema.
// Expect {"exact": true, "agents": 1, "result": [true, true, true, true]}
export const meta = {
  name: "schema-kinds",
  description: "Shows references, alternatives, patterns, formats and bounds in a schema.",
};
const node = {
  type: "object",
  required: ["id"],
  properties: {
    id: { type: "string", pattern: "^[A-Z]{2}-\\d{3}$" },
    children: { type: "array", items: { $ref: "#/$defs/node" } },
  },
};
const answer = await agent("x", {
  schema: {
    type: "object",
    required: ["root", "when", "share", "kind"],
    properties: {
      root: { $ref: "#/$defs/node" },
      when: { type: "string", format: "date-time" },
      share: { type: "number", exclusiveMinimum: 0, maximum: 1 },
      kind: { anyOf: [{ const: "a" }, { enum: ["b", "c"] }] },
    },
    $defs: { node },
  },
});
return [
  /^[A-Z]{2}-\d{3}$/.test(answer.root.id),
  answer.share > 0,
  "abc".includes(answer.kind),
  new Date(answer.when).getTime() > 0,
];
