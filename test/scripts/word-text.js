// Shows a text that is one of the words offered.
// Expect {"exact": true, "agents": 1, "result": "read"}
export const meta = {
  name: "word-text",
  description: "Shows a text that is one of the words offered.",
};
const text = await agent("Look at it. Reply with PASS or FAIL.");
if (!/^(PASS|FAIL)$/.test(text.trim())) throw new Error(text);
return "read";
