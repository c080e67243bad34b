// Shows a timer against an agent: the agent comes first.
// Expect {"exact": true, "agents": 1, "result": "agent"}
export const meta = { name: "timer", description: "Shows a timer against an agent." };
const first = await Promise.race([
  agent("quick").then(() => "agent"),
  new Promise((resolve) => setTimeout(() => resolve("timer"), 60000)),
]);
return first;
