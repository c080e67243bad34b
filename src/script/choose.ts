// Decides what a command asks for: a saved workflow with arguments, or a task for the author.

import type { SavedWorkflow } from "./saved.ts";

/** What will be run. `wanted` in `unknown` is the word that looks like a name and is none. */
export type Choice =
  | { kind: "saved"; workflow: SavedWorkflow; argsText: string }
  | { kind: "task" }
  | { kind: "unknown"; wanted: string; known: string[] };

/** Words that continue a sentence: after them the first word was a verb of a larger task, not a workflow's name. */
const CONTINUES = new Set(["and", "then", "or", "&", "+"]);

/**
 * `audit src/net` runs the saved workflow `audit` with `src/net` as its arguments; `audit and fix …` is a task of its own;
 * a lone word that is no name is a mistake, and no model is paid to guess what it means.
 */
export function chooseWorkflow(task: string, workflows: readonly SavedWorkflow[]): Choice {
  const { first, second, rest } = firstWord(task);
  const workflow = workflows.find(({ name }) => name.toLowerCase() === first.toLowerCase());
  if (workflow !== undefined && !CONTINUES.has(second.toLowerCase())) {
    return { kind: "saved", workflow, argsText: rest };
  }
  if (workflow === undefined && rest.trim() === "") {
    return { kind: "unknown", wanted: first, known: workflows.map(({ name }) => name).sort() };
  }
  return { kind: "task" };
}

function firstWord(task: string): { first: string; second: string; rest: string } {
  const match = /^\s*(\S*)([\s\S]*)$/.exec(task);
  const rest = match?.[2] ?? "";
  return {
    first: match?.[1] ?? "",
    second: rest.trim().split(/\s+/, 1)[0] ?? "",
    rest: rest.trim(),
  };
}
