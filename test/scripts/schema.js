// Shows a schema: the answer is an object that fits it.
// Expect {"exact": true, "agents": 1, "result": 2}
export const meta = { name: "schema", description: "Shows a schema." };
const found = await agent("Find.", {
  schema: {
    type: "object",
    required: ["findings"],
    properties: {
      findings: {
        type: "array",
        minItems: 2,
        maxItems: 2,
        items: {
          type: "object",
          required: ["path", "line"],
          properties: { path: { type: "string" }, line: { type: "integer" } },
        },
      },
    },
  },
});
if (!Number.isInteger(found.findings[0].line)) throw new Error("no line");
return found.findings.length;
