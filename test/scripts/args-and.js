// Shows an argument behind && is read as a part of an object.
// Expect {"exact": true, "agents": 1, "log": "no --args"}
export const meta = {
  name: "args-and",
  description: "Shows an argument behind && is read as a part of an object.",
};
let input = args;
if (typeof input === "string") input = JSON.parse(input);
const folder = input && input.folder;
const more = (input && input.more) || [];
if (!folder) throw new Error("args: { folder, more? }");
await parallel([folder, ...more.slice(0, 0)].map((one) => () => agent(`Look at ${one}.`)));
