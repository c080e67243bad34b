// Shows a loop until every reviewer agrees.
// Expect {"exact": false}
export const meta = {
  name: "until-verdict",
  description: "Shows a loop until every reviewer agrees.",
};
for (let round = 1; ; round++) {
  const votes = await parallel(
    [1, 2, 3].map(
      (n) => () =>
        agent(`Review ${round}.${n}`, {
          schema: {
            type: "object",
            required: ["verdict"],
            properties: { verdict: { enum: ["approve", "request_changes", "reject"] } },
          },
        }),
    ),
  );
  if (votes.every((vote) => vote?.verdict === "approve")) return round;
}
