// Shows arguments that must be there are made up from how they are read.
// Expect {"exact": true, "agents": 1, "log": "no --args"}
export const meta = {
  name: "args-object",
  description: "Shows arguments that must be there are made up from how they are read.",
};
if (!args?.pr) throw new Error("pr is required");
const { pr, files = [] } = args;
log(files.length);
return await agent(`Review #${pr}`);
