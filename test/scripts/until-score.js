// Shows a loop until a score is reached.
// Expect {"exact": false}
export const meta = { name: "until-score", description: "Shows a loop until a score is reached." };
for (let round = 1; ; round++) {
  const { score } = await agent(`Judge ${round}`, {
    schema: {
      type: "object",
      required: ["score"],
      properties: { score: { type: "integer", minimum: 0, maximum: 100 } },
    },
  });
  if (score >= 90) return round;
}
