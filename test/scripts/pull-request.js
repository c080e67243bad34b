// Shows a script for pull requests gets one.
// Expect {"exact": true, "agents": 1, "log": "pull request"}
export const meta = {
  name: "pull-request",
  description: "Shows a script for pull requests gets one.",
};
const changed = await repo.diff();
if (changed === null) throw new Error("only in a pull request");
return await agent(changed[0].patch);
