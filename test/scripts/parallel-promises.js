// Shows a promise in place of a function is an error to catch.
// Expect {"exact": true, "agents": 2, "result": "caught"}
export const meta = {
  name: "parallel-promises",
  description: "Shows a promise in place of a function is an error to catch.",
};
try {
  await parallel([agent("already runs")]);
} catch (error) {
  log(error.message);
}
await agent("y");
return "caught";
