// Shows stages get previous, item and index.
// Expect {"exact": true, "agents": 4, "result": ["a0", "b1"]}
export const meta = {
  name: "pipeline-stages",
  description: "Shows stages get previous, item and index.",
};
return await pipeline(
  ["a", "b"],
  (item) => agent(`Read ${item}`),
  (text, item, index) =>
    agent(`Check ${item}`, { label: `check ${index}` }).then(() => item + index),
);
