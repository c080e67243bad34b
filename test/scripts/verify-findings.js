// Shows findings are verified one by one.
// Expect {"exact": true, "agents": 5}
export const meta = {
  name: "verify-findings",
  description: "Shows findings are verified one by one.",
};
const { findings } = await agent("Find.", {
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
const verdicts = await parallel(findings.map((finding) => () => verify(finding, { reviewers: 2 })));
return verdicts.filter((one) => one?.verdict === "confirmed").length;
