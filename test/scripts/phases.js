// Shows phases by call and by option; undeclared ones get their own group.
// Expect {"exact": true, "agents": 4, "phases": [{"title": "Find", "agents": 1}, {"title": "Check", "agents": 2}, {"title": "Extra", "agents": 1}]}
export const meta = {
  name: "phases",
  description: "Shows phases by call and by option; undeclared ones get their own group.",
  phases: [{ title: "Find" }, { title: "Check" }],
};
phase("Find");
await agent("a");
await parallel([() => agent("b", { phase: "Check" }), () => agent("c", { phase: "Check" })]);
phase("Extra");
await agent("d");
