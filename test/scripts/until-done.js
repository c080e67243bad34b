// Shows a loop until a flag is set.
// Expect {"exact": false}
export const meta = { name: "until-done", description: "Shows a loop until a flag is set." };
let rounds = 0;
let done = false;
while (!done) {
  rounds++;
  done = (
    await agent(`Round ${rounds}`, {
      schema: { type: "object", required: ["done"], properties: { done: { type: "boolean" } } },
    })
  ).done;
}
return rounds;
