// Shows an optional argument that would select nothing is left out.
// Expect {"exact": true, "agents": 2, "log": "no --args"}
export const meta = {
  name: "args-filter",
  description: "Shows an optional argument that would select nothing is left out.",
};
const PLACES = [{ key: "north" }, { key: "south" }];
const namesOf = (given) => {
  if (!given) return undefined;
  const list = Array.isArray(given) ? given : String(given).split(",");
  return list.length > 0 ? list : undefined;
};
const { folder } = args ?? {};
const only = namesOf(args?.only);
if (!folder) throw new Error("args: { folder, only? }");
const chosen = only ? PLACES.filter(({ key }) => only.includes(key)) : PLACES;
if (chosen.length === 0) throw new Error("nothing is chosen");
for (const { key } of chosen) await agent(`Look at ${folder} in the ${key}.`);
