// Shows model, effort, agentType, isolation, and an option of another engine.
// Expect {"exact": true, "agents": 2, "notes": 1}
export const meta = {
  name: "options",
  description: "Shows model, effort, agentType, isolation, and an option of another engine.",
};
await agent("a", { model: "opus", effort: "high", agentType: "Explore" });
await agent("b", { model: "haiku", isolation: "worktree", retries: 3 });
