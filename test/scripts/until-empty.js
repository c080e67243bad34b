// Shows a loop until nothing is left, by its opposite flag.
// Expect {"exact": false}
export const meta = {
  name: "until-empty",
  description: "Shows a loop until nothing is left, by its opposite flag.",
};
for (let round = 1; ; round++) {
  const { hasMore } = await agent(`Page ${round}`, {
    schema: { type: "object", required: ["hasMore"], properties: { hasMore: { type: "boolean" } } },
  });
  if (!hasMore) return round;
}
