// Shows a text that is read as JSON, as the prompt shows it.
// Expect {"exact": true, "agents": 1}
export const meta = {
  name: "json-text",
  description: "Shows a text that is read as JSON, as the prompt shows it.",
};
const text = await agent('Return JSON only, such as {"files": ["src/a.js"], "ok": true}');
const { files, ok } = JSON.parse(text);
return [files.length > 0, typeof ok];
