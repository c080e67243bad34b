// Shows a text in which an error is looked for does not have one where all goes well.
// Expect {"exact": false, "agents": 1}
export const meta = {
  name: "error-word",
  description:
    "Shows a text in which an error is looked for does not have one where all goes well.",
};
const checked = await agent("Check the names and return any errors or warnings.");
if (checked?.toLowerCase().includes("error")) throw new Error(checked);
