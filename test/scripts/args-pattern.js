// Shows arguments that are held against patterns are made to fit them.
// Expect {"exact": true, "agents": 2, "log": "no --args"}
export const meta = {
  name: "args-pattern",
  description: "Shows arguments that are held against patterns are made to fit them.",
};
const DAY = /^\d{4}-\d{2}-\d{2}$/;
const day = String(args?.day ?? "").trim();
if (!DAY.test(day)) throw new Error("day is a date such as 2026-01-31");
if (!/^v\d+\.\d+$/.test(args.tag)) throw new Error("tag is a version such as v1.2");
await agent(`Notes of ${day}.`);
return await agent(`Notes of ${args.tag}.`).then(() => "done");
