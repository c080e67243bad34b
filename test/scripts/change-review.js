// Shows change, review, revise and combine.
// Expect {"exact": false, "agents": 4, "result": 1}
export const meta = {
  name: "change-review",
  description: "Shows change, review, revise and combine.",
};
phase("Make");
let made = await change("In src/a.js: do it.");
if (made === null) return "nothing";
let verdict = await review(made, { lenses: ["a", "b", "c"] });
for (let round = 0; verdict.verdict === "rejected" && round < 2; round++) {
  made = (await revise(made, verdict.findings)) ?? made;
  verdict = await review(made);
}
const { combined } = await combine([made]);
return combined.length;
