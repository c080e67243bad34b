// Shows new URL in try and catch.
// Expect {"exact": true, "agents": 1, "result": ["example.org", null]}
export const meta = { name: "url", description: "Shows new URL in try and catch." };
const host = (text) => {
  try {
    return new URL(text).hostname;
  } catch {
    return null;
  }
};
await agent("x");
return [host("https://example.org/a"), host("nonsense")];
