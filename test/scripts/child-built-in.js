// Shows a child workflow that is built in.
// Expect {"exact": false}
export const meta = {
  name: "child-built-in",
  description: "Shows a child workflow that is built in.",
};
try {
  await workflow("audit", { topic: "tests" });
} catch (error) {
  log(error.message);
}
return await agent("sum");
