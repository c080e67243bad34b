// Shows an argument that must be one number.
// Expect {"exact": true, "agents": 1, "log": "no --args"}
export const meta = {
  name: "args-version",
  description: "Shows an argument that must be one number.",
};
const { config } = args ?? {};
if (config?.version !== 7) throw new Error(`config.version must be 7, and is ${config?.version}`);
await agent(`Run ${config.command}.`);
