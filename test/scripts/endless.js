// Shows a loop over answers without an end stops at the ceiling, with a note.
// Expect {"exact": false, "agents": 1000, "log": "1000 agents"}
export const meta = {
  name: "endless",
  description: "Shows a loop over answers without an end stops at the ceiling, with a note.",
};
let n = 0;
while (true) await agent(`Round ${n++}`);
