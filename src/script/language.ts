// The script language in one table: the engine's functions, the author's prompt and the documentation page come from it.

import type { ScriptFunction } from "../engine/call.ts";

interface LanguageEntry {
  /** As people write it. */
  signature: string;
  /** Markdown; one paragraph. */
  does: string;
  /** Set for what a step answers; the rest lives in the sandbox itself. */
  step?: ScriptFunction;
}

function step(name: string, ...parameters: string[]): ScriptFunction {
  return { name, step: name, parameters };
}

/** Every global of the language, in the order people learn them. */
export const language: readonly LanguageEntry[] = [
  {
    signature: "agent(prompt, { label, phase, schema, model, effort, agentType, isolation })",
    does: "One agent on one task, with an empty context. Resolves to its final text, or to the object that `schema` (JSON Schema, root type object) describes; to `null` when it was lost. It may read and edit the repository; `agentType: 'Explore'` and `'Plan'` only read. Its edits are folded into the trunk when it finishes; with `isolation: 'worktree'` they stay on its own branch.",
    step: step("agent", "prompt"),
  },
  {
    signature: "change(prompt, { label, phase, schema, model, effort })",
    does: "A worker whose edits are the point; they go to its own branch. Resolves to `{ id, branch, head, files, additions, deletions, summary, result }`, or to `null` when nothing changed or the worker failed. Say exactly which files and places are its own, so that no two workers edit the same lines.",
    step: step("change", "prompt"),
  },
  {
    signature: "review(change, { requirement, lenses, reviewers, quorum })",
    does: "Independent reviewers try to reject the change; they see the requirement and the diff, never the worker's words. Resolves to `{ verdict, findings, votes }`; `verdict` is `accepted`, `rejected` or `unverified` (votes are missing: never the same as accepted). Findings become review comments.",
    step: step("review", "change"),
  },
  {
    signature: "revise(change, findings)",
    does: "A fresh worker answers the findings on the same branch. Resolves to the new change, or `null` when it failed; review it again.",
    step: step("revise", "change", "findings"),
  },
  {
    signature: "combine(changes)",
    does: "Folds accepted changes into the trunk, in order. Resolves to `{ combined, conflicted, refused }`: ids; ids with the paths that collide; ids with the reason. A change without the verdict `accepted` is refused.",
    step: step("combine", "changes"),
  },
  {
    signature: "verify(claim, { lenses, reviewers, quorum })",
    does: "Independent agents try to refute a claim about the code, such as an audit finding. Resolves to `{ verdict, votes }`; `verdict` is `confirmed`, `refuted` or `unverified`.",
    step: step("verify", "claim"),
  },
  {
    signature: "repo.files(glob)",
    does: "Paths at the run's pinned commit, sorted. Costs nothing: divide the work with it instead of asking an agent for a list.",
    step: step("repo.files", "glob"),
  },
  {
    signature: "repo.read(path)",
    does: "The text of a file, or `null` when there is none or it is not text.",
    step: step("repo.read", "path"),
  },
  {
    signature: "repo.search(pattern, { glob, limit })",
    does: "Lines that match an extended regular expression: `[{ path, line, text }]`.",
    step: step("repo.search", "pattern"),
  },
  {
    signature: "repo.diff()",
    does: "What the pull request changes, as `[{ path, status, additions, deletions, patch }]`; `null` when the run was not started on one.",
    step: step("repo.diff"),
  },
  {
    signature: "repo.head, repo.pull",
    does: "The pinned commit; the number of the pull request the run was started on, or `null`. Values, not functions.",
  },
  {
    signature: "report(value)",
    does: "What the thread gets: a string is Markdown, an array of findings becomes a table. Without it the script's return value is used.",
    step: step("report", "value"),
  },
  {
    signature: "parallel(thunks)",
    does: "Starts all functions at once and waits for all; keeps their order; a failed one gives `null`. At most 4,096.",
  },
  {
    signature: "pipeline(items, ...stages)",
    does: "Each item moves through the stages on its own; a stage gets `(previous, item, index)`; a stage that throws makes the slot `null`. At most 4,096 items.",
  },
  {
    signature: "phase(title), log(message)",
    does: "Group the calls that follow under a title of `meta.phases`; write a line for people.",
  },
  {
    signature: "args",
    does: "What the person wrote after the workflow's name: a string, or a JSON value; `undefined` without any.",
  },
  {
    signature: "budget.total, budget.spent(), budget.remaining()",
    does: "Output tokens of the run; `total` is `null` and `remaining()` is `Infinity` without a target.",
  },
];

/** The functions that steps answer, as the engine wants them. */
export const scriptFunctions: readonly ScriptFunction[] = language.flatMap((entry) =>
  entry.step === undefined ? [] : [entry.step],
);

/** The language as Markdown, for people and for the author. */
export function renderLanguage(): string {
  const rows = language.map((entry) => `### \`${entry.signature}\`\n\n${entry.does}\n`);
  return [RULES, ...rows].join("\n");
}

/** The page of the documentation. */
export function renderLanguagePage(): string {
  return `# The script language\n\nThis page is made from \`src/script/language.ts\` by \`npm run docs\`; the author of scripts is given the same text.\n\n${renderLanguage()}`;
}

const RULES = `A script is one plain JavaScript text (no TypeScript, no imports). Its first statement is
\`export const meta = { name, description, phases: [{ title }] }\`, a pure literal. Top-level \`await\` and \`return\`
are legal; the returned value is the run's result. All functions below that ask for work return promises.

There is no clock and no randomness (\`Date.now()\`, \`new Date()\` and \`Math.random()\` throw), no network, no file
system, no timers. A run starts at most 1,000 agents; more than 16 at once wait for their turn.
`;
