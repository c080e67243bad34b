// Shows a thunk that throws, at once or later, becomes null.
// Expect {"exact": true, "agents": 1, "result": [true, true, false]}
export const meta = {
  name: "parallel-throws",
  description: "Shows a thunk that throws, at once or later, becomes null.",
};
const all = await parallel([
  () => {
    throw new Error("now");
  },
  async () => {
    throw new Error("later");
  },
  () => agent("fine"),
]);
return all.map((x) => x === null);
