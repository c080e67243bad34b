// Shows equal questions are different calls.
// Expect {"exact": true, "agents": 3, "result": 3}
export const meta = {
  name: "same-prompt",
  description: "Shows equal questions are different calls.",
};
return (await parallel([1, 2, 3].map(() => () => agent("Vote.")))).length;
