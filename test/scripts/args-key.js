// Shows an argument that a helper reads by a name it is given.
// Expect {"exact": true, "agents": 1, "log": "no --args"}
export const meta = {
  name: "args-key",
  description: "Shows an argument that a helper reads by a name it is given.",
};
function wholeNumber(given, name) {
  const raw = typeof given === "string" ? given : (given?.[name] ?? given?.[0]);
  const text = String(raw ?? "").trim();
  if (!/^[1-9][0-9]*$/.test(text)) throw new Error(`${name} is a whole number`);
  return Number(text);
}
return await agent(`Look at issue ${wholeNumber(args, "issue")}.`);
