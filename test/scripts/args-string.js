// Shows a guard for arguments that arrive as text.
// Expect {"exact": false, "log": "no --args"}
export const meta = {
  name: "args-string",
  description: "Shows a guard for arguments that arrive as text.",
};
const input = typeof args === "string" ? JSON.parse(args) : (args ?? {});
if (!Array.isArray(input.files) || input.files.length === 0) return { ok: false };
await parallel(input.files.map((file) => () => agent(`Read ${file.trim()}`)));
return { ok: true };
