// The globals that shape a script: fan-outs, phases, lines for people.

import type { LanguageEntry } from "./entry.ts";

export const flow: readonly LanguageEntry[] = [
  {
    name: "parallel",
    signature: "parallel(thunks)",
    does: "Starts all functions at once and waits for all of them: a barrier. 16 agents work at a time; the others wait for their turn.",
    parameters: [
      {
        name: "thunks",
        type: "(() => any)[]",
        does: "functions, not promises: `() => agent(…)`; 4,096 at most",
      },
    ],
    gives:
      "their results in order; a function that throws gives `null`, and the log says which and why. It never rejects for that.",
    errors: ["when an item is no function, or there are too many"],
    example: `const lenses = ["security", "speed", "tests"];
const reports = await parallel(lenses.map((lens) => () => agent(\`Look at src/ for \${lens}.\`)));
return reports.filter(Boolean);`,
  },
  {
    name: "pipeline",
    signature: "pipeline(items, ...stages)",
    does: "Each item moves through the stages on its own: no item waits for another.",
    parameters: [
      { name: "items", type: "any[]", does: "4,096 at most" },
      {
        name: "stages",
        type: "((previous, item, index) => any)[]",
        does: "`previous` is what the stage before gave, for the first one the item",
      },
    ],
    gives:
      "the last stage's results in the items' order; a stage that throws makes its slot `null` and ends that item. A stage that gives `null` does not: the next one is called with it.",
    errors: ["when a stage is no function, or there are too many items"],
    example: `const results = await pipeline(
  await repo.files("docs/*.md"),
  (path) => agent(\`Which statements in \${path} are out of date?\`, { label: path }),
  (stale, path) => (stale === null ? null : agent(\`Correct \${path}: \${stale}\`, { label: \`fix \${path}\` })),
);`,
  },
  {
    name: "phase",
    signature: "phase(title)",
    does: "Groups the calls that follow, in progress displays and nowhere else. Inside fan-outs use the option `phase` of each call.",
    parameters: [
      { name: "title", type: "string", does: "one of `meta.phases`, or a group of its own" },
    ],
    gives: "nothing.",
    example: `phase("Find");`,
  },
  {
    name: "log",
    signature: "log(...values)",
    does: "A line for people above the progress display; the last 1,000 are kept.",
    parameters: [{ name: "values", type: "any", does: "joined by spaces; objects as JSON" }],
    gives: "nothing.",
    example: `log("files:", 12);`,
  },
  {
    name: "console",
    signature: "console.log(...values)",
    does: "`console.log`, `info`, `debug`, `warn` and `error` do what `log` does.",
    gives: "nothing.",
    example: `console.warn("no tests found");`,
  },
  {
    name: "workflow",
    signature: "workflow(nameOrRef, args?)",
    does: "Runs another workflow inside this one, one level deep. It shares this run's agents, budget and stop; its calls stand under its name in progress displays.",
    parameters: [
      {
        name: "nameOrRef",
        type: "string | { scriptPath: string }",
        does: "the name of a saved workflow, or a path in the repository at the run's commit",
      },
      { name: "args", type: "any", does: "its `args`, as JSON; `undefined` without any" },
    ],
    gives: "what it returned, as JSON.",
    errors: [
      "when there is no such workflow or file, or its text does not pass the check (`StepFailed`)",
      "what the workflow throws, with its line",
      "when it is called from within a workflow that was itself called so",
    ],
    example: `const review = await workflow("review", { focus: "security" });
return review ?? "nothing to say";`,
  },
  {
    name: "setTimeout",
    signature: "setTimeout(callback, ms, ...values)",
    does: "Calls a function later, a day at most; a run that is resumed wakes up when it would have. Timers stop with the run. At most 1,000 at once, 10,000 a run.",
    parameters: [
      { name: "callback", type: "function", does: "what it throws ends the run" },
      { name: "ms", type: "number", does: "how long to wait" },
      { name: "values", type: "any", does: "passed to the function" },
    ],
    gives: "a number for `clearTimeout`.",
    errors: ["when the callback is no function, or the wait is too long, or there are too many"],
    example: `const slow = new Promise((resolve) => setTimeout(resolve, 60_000, "no answer in a minute"));
return await Promise.race([agent("Read src/ and say what it does."), slow]);`,
  },
  {
    name: "clearTimeout",
    signature: "clearTimeout(timer)",
    does: "Takes a timer back; it is never called then.",
    parameters: [{ name: "timer", type: "number", does: "what `setTimeout` gave" }],
    gives: "nothing.",
    example: `const timer = setTimeout(() => log("still at it"), 60_000);
await agent("Read src/ and say what it does.");
clearTimeout(timer);`,
  },
];
