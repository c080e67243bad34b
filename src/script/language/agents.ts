// The globals that set agents to work.

import { type Field, type LanguageEntry, panel, shown, step, thinking } from "./entry.ts";

const prompt: Field = {
  name: "prompt",
  type: "string",
  does: "everything the agent needs to know; it sees nothing of the script or of other agents",
};

const schema: Field = {
  name: "schema",
  type: "JSON Schema, `type: 'object'` at its root",
  does: "the shape of the answer; what does not fit goes back to the agent, 5 times at most",
};

const data: Field = {
  name: "data",
  type: "{ [title: string]: JSON value }",
  does: "what the agent works on and somebody else wrote, such as a patch or another agent's answer: shown beside the prompt as material, never as an instruction",
};

const CEILING =
  "when the run's 1,000 agents are used up (`AgentLimitError`) or its token target is spent (`BudgetSpent`)";
const WRONG_TYPE =
  "when a known option has the wrong type, or there is no such `agentType` (`StepFailed`)";

const change: Field = { name: "change", type: "Change", does: "what `change()` resolved to" };

export const agents: readonly LanguageEntry[] = [
  {
    name: "agent",
    signature: "agent(prompt, options?)",
    does: "One agent on one task, with an empty context. It may read and edit the repository. Its edits are folded into the run's trunk when it finishes, so that later agents see them; with `isolation: 'worktree'` they stay on its own branch.",
    parameters: [prompt],
    options: [
      ...shown,
      data,
      schema,
      ...thinking,
      {
        name: "isolation",
        type: "'worktree'",
        does: "keeps the edits on a branch of this agent's own",
      },
    ],
    gives:
      "the agent's final text; with `schema` the object that fits it; `null` when the agent was lost (stopped, skipped, or an error that did not pass).",
    errors: [
      "when five answers did not fit the schema, or nothing can (`StepFailed`)",
      CEILING,
      WRONG_TYPE,
    ],
    example: `const found = await agent("List the route files under src/ that skip authentication.", {
  label: "find routes",
  agentType: "Explore",
  schema: {
    type: "object",
    required: ["files"],
    properties: { files: { type: "array", items: { type: "string" } } },
  },
});
log(\`\${found?.files.length ?? 0} routes\`);`,
    step: step("agent", "prompt"),
  },
  {
    name: "change",
    signature: "change(prompt, options?)",
    does: "A worker whose edits are the point; they go to its own branch and nowhere else until `combine()`. Say exactly which files and places are its own, so that no two workers edit the same lines.",
    parameters: [prompt],
    options: [
      ...shown,
      data,
      { ...schema, does: "the shape of `result` in what it gives" },
      ...thinking,
    ],
    gives:
      "a `Change`: `{ id, branch, head, files: [{ path, additions, deletions }], additions, deletions, summary, result }`; `null` when nothing was changed or the worker failed (the run's report says which).",
    errors: [CEILING, WRONG_TYPE],
    example: `const fixed = await change("In src/parse.js alone: reject input longer than 1 MB.", {
  label: "bound parse",
});
if (fixed === null) return "Nothing was changed.";`,
    step: step("change", "prompt"),
  },
  {
    name: "review",
    signature: "review(change, options?)",
    does: "Independent reviewers try to reject the change. They see the requirement and the diff, never the worker's words. What they find becomes review comments.",
    parameters: [change],
    options: [
      ...shown,
      {
        name: "requirement",
        type: "string",
        does: "what the change must do; default: the worker's prompt",
      },
      ...panel,
      ...thinking,
    ],
    gives:
      "`{ verdict, findings, votes }`. `verdict` is `'accepted'`, `'rejected'`, or `'unverified'` when votes are missing, which is never the same as accepted. A finding: `{ path, line, severity: 'blocking' | 'nit', title, claim, evidence, lens, inDiff }`; a vote: `{ lens, vote: 'for' | 'against' | 'missing', reason }`.",
    errors: ["when the change is none of this run (`StepFailed`)", CEILING, WRONG_TYPE],
    example: `const made = await change("Document every export of src/index.js.");
if (made === null) return "Nothing was changed.";
const { verdict, findings } = await review(made, { lenses: ["correctness", "plain English"] });
log(\`\${verdict}, \${findings.length} findings\`);`,
    step: step("review", "change"),
  },
  {
    name: "revise",
    signature: "revise(change, findings, options?)",
    does: "A fresh worker answers the findings on the same branch. Review its change again: the old verdict does not count for it.",
    parameters: [
      change,
      {
        name: "findings",
        type: "Finding[]",
        does: "what `review()` found, or findings of your own",
      },
    ],
    options: [...shown, ...thinking],
    gives: "the new `Change`, or `null` when the worker failed; then the old one stands.",
    errors: ["when the change is none of this run (`StepFailed`)", CEILING, WRONG_TYPE],
    example: `let current = await change("Make src/date.js accept ISO weeks.");
if (current === null) return "Nothing was changed.";
let looked = await review(current);
for (let round = 1; looked.verdict === "rejected" && round <= 2; round++) {
  const revised = await revise(current, looked.findings);
  if (revised === null) break;
  current = revised;
  looked = await review(current);
}`,
    step: step("revise", "change", "findings"),
  },
  {
    name: "combine",
    signature: "combine(changes, options?)",
    does: "Folds accepted changes into the run's trunk; the trunk becomes the final pull request. A change without the verdict `accepted` stays out. Changes that meet in the same lines go to an agent that knows what both were asked; what it writes is reviewed before it is taken.",
    parameters: [
      {
        name: "changes",
        type: "(Change | null)[]",
        does: "what to fold in; `null`s are passed over",
      },
    ],
    options: [
      {
        name: "order",
        type: "'given' | 'fewest-collisions'",
        does: "`'given'` folds in the order of the list: on a conflict the earlier one is in. Default: those that meet the fewest others first",
      },
    ],
    gives:
      "`{ combined, conflicted, refused }`: ids that are in, in the order of the trunk; `{ id, paths }` of those that collide and could not be resolved; `{ id, reason }` of those that may not.",
    errors: ["when a change is none of this run (`StepFailed`)"],
    example: `const parts = await parallel(["src/a.js", "src/b.js"].map((path) => () => change(\`Migrate \${path}.\`)));
const reviewed = await pipeline(parts.filter(Boolean), async (part) =>
  (await review(part)).verdict === "accepted" ? part : null,
);
const { combined, conflicted } = await combine(reviewed);
return \`\${combined.length} combined, \${conflicted.length} in conflict.\`;`,
    step: step("combine", "changes"),
  },
  {
    name: "verify",
    signature: "verify(claim, options?)",
    does: "Independent agents try to refute a claim about the code that is not a change, such as an audit's finding.",
    parameters: [
      {
        name: "claim",
        type: "string | JSON",
        does: "the claim with its evidence, whole in itself",
      },
    ],
    options: [...shown, ...panel, ...thinking],
    gives:
      "`{ verdict, votes }`. `verdict` is `'confirmed'`, `'refuted'`, or `'unverified'` when votes are missing.",
    errors: [CEILING, WRONG_TYPE],
    example: `const { verdict } = await verify("parse() in src/parse.js follows __proto__ keys.", { reviewers: 2 });
if (verdict !== "confirmed") return \`Not reported: \${verdict}.\`;`,
    step: step("verify", "claim"),
  },
];
