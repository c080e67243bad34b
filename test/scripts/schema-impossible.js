// Shows a schema nothing fits throws an error that names the key.
// Expect {"exact": true, "agents": 1, "result": ["StepFailed", true, "string"]}
export const meta = {
  name: "schema-impossible",
  description: "Shows a schema nothing fits throws an error that names the key.",
};
try {
  await agent("x", {
    schema: { type: "object", required: ["b"], properties: { a: {} }, additionalProperties: false },
  });
} catch (error) {
  return [error.name, error.message.includes('"b"'), typeof (await agent("y"))];
}
