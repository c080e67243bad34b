// Shows an option of the wrong type throws.
// Expect {"exact": true, "agents": 1, "result": "StepFailed"}
export const meta = {
  name: "wrong-option",
  description: "Shows an option of the wrong type throws.",
};
try {
  await agent("x", { effort: "hard" });
} catch (error) {
  await agent("y");
  return error.name;
}
