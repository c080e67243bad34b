// Shows a script that throws until an agent's answer suits it.
// Expect {"exact": false, "agents": 3, "log": "it is shown with others", "result": "origin/main"}
export const meta = {
  name: "refuses-answers",
  description: "Shows a script that throws until an agent's answer suits it.",
};
const SCHEMA = {
  type: "object",
  required: ["ok", "exists", "branch"],
  properties: {
    ok: { type: "boolean" },
    exists: { type: "boolean" },
    branch: { type: "string" },
  },
};
const wanted = ["origin", "main"].join("/");
const found = await agent("Does the folder exist, and on which branch is it?", { schema: SCHEMA });
if (!found.ok) throw new Error("nobody looked");
if (found.exists && found.branch !== wanted) throw new Error(`it is on ${found.branch}`);
const kind = await agent("Say in one line what kind of project this is.");
const verdict = await agent("Is it ready?", {
  schema: { type: "object", required: ["ready"], properties: { ready: { type: "boolean" } } },
});
if (verdict.ready) throw new Error(`a ${kind} must not be ready yet`);
return wanted;
