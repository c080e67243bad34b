// One global of the script language as the table describes it.

import type { ScriptFunction } from "../../engine/call.ts";

/** A parameter or an option, for people: its type in the words of TypeScript. */
export interface Field {
  name: string;
  type: string;
  does: string;
}

/** Everything there is to say about one global; Markdown where it is prose. */
export interface LanguageEntry {
  /** As scripts write it; one dot makes a member (`repo.files`). */
  name: string;
  /** As people read it; the name alone for what is no function. */
  signature: string;
  /** One paragraph: what it is for. */
  does: string;
  parameters?: readonly Field[];
  /** Fields of the options object, the last parameter. */
  options?: readonly Field[];
  /** What its promise resolves to, or what it gives at once. */
  gives: string;
  /** When it throws or rejects; a script can catch all of these. */
  errors?: readonly string[];
  /** A few lines that pass the check behind a `meta`. */
  example: string;
  /** Set for what a step answers; the rest lives in the sandbox itself. */
  step?: ScriptFunction;
}

/** The engine's view of a global that a step of the same name answers. */
export function step(name: string, ...parameters: string[]): ScriptFunction {
  return { name, step: name, parameters };
}

/** Options that every call with a line in the progress display takes. */
export const shown: readonly Field[] = [
  {
    name: "label",
    type: "string",
    does: "the call's line in progress displays; default: the first 60 characters of the prompt",
  },
  {
    name: "phase",
    type: "string",
    does: "the group of this one call; needed inside fan-outs, where `phase()` races",
  },
];

/** Who works: which kind of agent, which model, and how hard it thinks. */
export const thinking: readonly Field[] = [
  {
    name: "agentType",
    type: "string",
    does: "the `name` of a file in `.claude/agents/`, whose words, tools, model and effort it brings; or `'general-purpose'` (the default), or `'Explore'` and `'Plan'`, which only read, or one of the agents of the built-in workflows, such as `'fanfold-finder'`",
  },
  {
    name: "model",
    type: "string",
    does: "`'opus'`, `'sonnet'`, `'haiku'`, `'fable'`, or a full id; default: the agent type's, else the run's",
  },
  {
    name: "effort",
    type: "'low' | 'medium' | 'high' | 'xhigh' | 'max'",
    does: "how much it thinks; default: the agent type's, else the model's own",
  },
];

/** How many independent agents look at one thing, and how many must agree. */
export const panel: readonly Field[] = [
  {
    name: "lenses",
    type: "string[]",
    does: "what each of them looks for; one agent a lens unless `reviewers` says otherwise",
  },
  { name: "reviewers", type: "number", does: "how many look, 9 at most" },
  { name: "quorum", type: "number", does: "how many votes for it are needed; default: all" },
];
