// Shows the smallest script: one agent, its text is the result.
// Expect {"exact": true, "agents": 1}
export const meta = { name: "one-agent", description: "Shows the smallest script." };
return await agent("Say what this repository does.");
