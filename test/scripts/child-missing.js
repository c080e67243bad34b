// Shows a child workflow that is not here gives what is read from it.
// Expect {"exact": false, "agents": 1, "log": "no workflow \"not-here\""}
export const meta = {
  name: "child-missing",
  description: "Shows a child workflow that is not here gives what is read from it.",
};
const { ok, items } = await workflow("not-here", { deep: true });
if (!ok) log("bad");
return [typeof ok, items.map((item) => item.name).length > 0, await agent("x")].length;
