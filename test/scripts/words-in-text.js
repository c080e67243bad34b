// Shows forbidden words in texts and comments are only words.
// Expect {"exact": true, "agents": 1}
export const meta = {
  name: "words-in-text",
  description: "Shows forbidden words in texts and comments are only words.",
};
// Date.now() and import('x') and export default
return await agent(`Replace Math.random() and new Date() and require('fs')`);
