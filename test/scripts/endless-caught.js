// Shows a script that catches the ceiling and goes on still ends.
// Expect {"exact": false, "agents": 1000, "log": "AgentLimitError"}
export const meta = {
  name: "endless-caught",
  description: "Shows a script that catches the ceiling and goes on still ends.",
};
let n = 0;
for (;;) {
  try {
    await agent(`Round ${n++}`);
  } catch (error) {
    log(error.name);
  }
}
