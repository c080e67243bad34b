// Shows parallel and pipeline of nothing give nothing.
// Expect {"exact": true, "agents": 1, "result": [0, 0]}
export const meta = {
  name: "parallel-empty",
  description: "Shows parallel and pipeline of nothing give nothing.",
};
const none = await parallel([]);
const nothing = await pipeline([], (x) => agent(x));
await agent("Say so.");
return [none.length, nothing.length];
