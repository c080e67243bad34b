// Shows arguments read inside a helper function.
// Expect {"exact": true, "agents": 2, "log": "no --args"}
export const meta = {
  name: "args-helper",
  description: "Shows arguments read inside a helper function.",
};
function read(input) {
  if (!input || typeof input.topic !== "string") throw new TypeError("topic");
  return { topic: input.topic.toUpperCase(), rounds: input.rounds || 2 };
}
const { topic, rounds } = read(args);
for (let i = 0; i < rounds; i++) await agent(`${topic} ${i}`);
