// Shows console goes to the log.
// Expect {"exact": true, "agents": 1, "log": "hello {\"a\":1}"}
export const meta = { name: "console", description: "Shows console goes to the log." };
console.log("hello", { a: 1 });
await agent("x");
