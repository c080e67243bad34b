// Shows parallel waits for all and keeps order.
// Expect {"exact": true, "agents": 3, "result": 3}
export const meta = {
  name: "parallel-barrier",
  description: "Shows parallel waits for all and keeps order.",
};
const all = await parallel([1, 2, 3].map((n) => () => agent(`Part ${n}`, { label: `part ${n}` })));
return all.filter(Boolean).length;
