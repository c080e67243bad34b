// Shows a loop until two rounds find nothing new.
// Expect {"exact": false}
export const meta = {
  name: "until-dry",
  description: "Shows a loop until two rounds find nothing new.",
};
const seen = new Set();
for (let dry = 0, round = 1; dry < 2; round++) {
  const { items } = await agent(`Round ${round}`, {
    schema: {
      type: "object",
      required: ["items"],
      properties: { items: { type: "array", items: { type: "string" } } },
    },
  });
  const fresh = items.filter((item) => !seen.has(item));
  fresh.forEach((item) => seen.add(item));
  dry = fresh.length ? 0 : dry + 1;
}
return seen.size;
