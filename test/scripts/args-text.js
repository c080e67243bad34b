// Shows plain text as the argument.
// Expect {"exact": true, "agents": 1, "log": "no --args"}
export const meta = { name: "args-text", description: "Shows plain text as the argument." };
if (!args) throw new Error("say what");
return await agent(`Do: ${args.trim()}`);
