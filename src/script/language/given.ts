// The globals that are there from the start: what the run was given.

import type { LanguageEntry } from "./entry.ts";

export const given: readonly LanguageEntry[] = [
  {
    name: "args",
    signature: "args",
    does: "What the person wrote after the workflow's name. Text that is a JSON object or array arrives as that value, any other text as a string.",
    gives: "a string or a JSON value; `undefined` without any.",
    example: `const topic = typeof args === "string" ? args : (args?.topic ?? "dead code");
log(topic);`,
  },
  {
    name: "budget",
    signature: "budget",
    does: "Output tokens of the whole run, as `{ total, spent(), remaining() }`.",
    gives:
      "`total` is the target or `null`; `spent()` is a number; `remaining()` is `Infinity` without a target. When the target is spent, `agent()` and its like throw.",
    example: `while (budget.total !== null && budget.remaining() > 50_000) {
  const more = await agent("Find one more bug in src/ that is not in KNOWN.md; append it there.");
  if (more === null) break;
}`,
  },
  {
    name: "URL",
    signature: "new URL(address)",
    does: "Parses an absolute address; nothing is fetched, nothing can be changed.",
    gives:
      "`href`, `protocol`, `username`, `password`, `host`, `hostname`, `port`, `origin`, `pathname`, `search`, `hash`. `URL.canParse(address)` gives a boolean.",
    errors: ["when the text is no absolute address (`TypeError`)"],
    example: `try {
  log(new URL("https://example.org/a?b=1").hostname);
} catch {
  log("not an address");
}`,
  },
];
