// Shows a stage that gives null goes on, one that throws ends its item.
// Expect {"exact": true, "agents": 1, "result": [1, [null, "went on"]]}
export const meta = {
  name: "pipeline-null",
  description: "Shows a stage that gives null goes on, one that throws ends its item.",
};
let seen = 0;
const all = await pipeline(
  [1, 2],
  (n) => {
    if (n === 1) throw new Error("x");
    return null;
  },
  (previous) => {
    seen += 1;
    return previous === null ? "went on" : "no";
  },
);
await agent("Sum up.");
return [seen, all];
