// The global that asks the repository's own CI.

import { type LanguageEntry, shown, step } from "./entry.ts";

export const checks: readonly LanguageEntry[] = [
  {
    name: "checks",
    signature: "checks(change, options?)",
    does: "Lets the repository's own CI look at a change and waits for it: check runs and statuses. Nothing is executed anywhere else, and no model is asked; the run holds nothing meanwhile. Branches of workers are kept away from CI otherwise. A run may ask about 20 branches unless the repository says otherwise.",
    parameters: [
      { name: "change", type: "Change", does: "what `change()` or `revise()` resolved to" },
    ],
    options: [
      ...shown,
      { name: "minutes", type: "number", does: "how long to wait, 360 at most; default: 60" },
    ],
    gives:
      "`{ verdict, why, head, checks }`. `verdict` is `'passed'`, `'failed'`, or what is never the same as passed: `'none'` (this repository has no CI that looks at branches), `'unfinished'` (time ran out), `'held'` (CI was not let run on it, and `why` says why). A check: `{ name, state, said, url, log }`; `log` is the end of what a failed one wrote, or `null`. It is text of others: hand it to agents as `data`.",
    errors: ["when the change is none of this run (`StepFailed`)"],
    example: `let made = await change("Make src/date.js accept ISO weeks.");
if (made === null) return "Nothing was changed.";
let ci = await checks(made);
if (ci.verdict === "failed") {
  const claims = ci.checks.flatMap(({ name, log }) => (log === null ? [] : [{ title: name, claim: log }]));
  made = (await revise(made, claims)) ?? made;
  ci = await checks(made);
}
log(ci.verdict, ci.why);`,
    step: step("checks", "change"),
  },
];
