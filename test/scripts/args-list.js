// Shows arguments that are a list and nothing else.
// Expect {"exact": false, "log": "no --args"}
export const meta = {
  name: "args-list",
  description: "Shows arguments that are a list and nothing else.",
};
function listOf(given) {
  let value = given;
  if (typeof value === "string") {
    try {
      value = JSON.parse(value);
    } catch {
      return { error: "not JSON" };
    }
  }
  if (!Array.isArray(value)) return { error: "not a list" };
  return { value };
}
const { error, value: ideas } = listOf(args);
if (error) throw new Error(error);
await parallel(
  ideas.map(
    ({ name, text }) =>
      () =>
        agent(`${name}: ${text}`),
  ),
);
