// Shows a prompt is text whatever it was made from.
// Expect {"exact": true, "agents": 1, "result": "string"}
export const meta = {
  name: "object-prompt",
  description: "Shows a prompt is text whatever it was made from.",
};
return typeof (await agent({ toString: () => "from an object" }));
