// Shows a loop over a budget that nobody set does not run.
// Expect {"exact": true, "agents": 1, "result": [null, true, true]}
export const meta = {
  name: "budget-loop",
  description: "Shows a loop over a budget that nobody set does not run.",
};
while (budget.total && budget.remaining() > 1000) await agent("more");
await agent("once");
return [budget.total, budget.spent() > 0, budget.remaining() === Infinity];
