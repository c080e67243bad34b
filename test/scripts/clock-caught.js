// Shows the clock throws an error that can be caught.
// Expect {"exact": true, "agents": 1, "result": true}
export const meta = {
  name: "clock-caught",
  description: "Shows the clock throws an error that can be caught.",
};
let told = "";
try {
  Date["n" + "ow"]();
} catch (error) {
  told = error.message;
}
await agent("x");
return told.includes("breaks resume");
