// Shows a default makes arguments unnecessary.
// Expect {"exact": true, "agents": 1}
export const meta = {
  name: "args-default",
  description: "Shows a default makes arguments unnecessary.",
};
const topic = args?.topic ?? "tests";
return await agent(topic);
