// Shows a declared phase without agents is shown with none.
// Expect {"exact": true, "agents": 1, "phases": [{"title": "One", "agents": 1}, {"title": "Two", "agents": 0}]}
export const meta = {
  name: "phase-unused",
  description: "Shows a declared phase without agents is shown with none.",
  phases: [{ title: "One" }, { title: "Two" }],
};
await agent("a", { phase: "One" });
