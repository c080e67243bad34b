// Shows probes for what is not there see undefined.
// Expect {"exact": true, "agents": 1, "result": ["undefined"]}
export const meta = {
  name: "probes",
  description: "Shows probes for what is not there see undefined.",
};
const there = [typeof process, typeof require, typeof fetch, typeof Buffer];
await agent("x");
return [...new Set(there)];
