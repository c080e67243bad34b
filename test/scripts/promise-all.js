// Shows Promise.all instead of parallel.
// Expect {"exact": true, "agents": 2, "result": true}
export const meta = { name: "promise-all", description: "Shows Promise.all instead of parallel." };
const [a, b] = await Promise.all([agent("a"), agent("b")]);
return Boolean(a && b);
