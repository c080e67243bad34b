// What a person typed, as data: every command there is.

import type { RunFlags } from "./known-flags.ts";

/**
 * One command. `run` keeps its first line's `words` apart from the whole `task`: a saved workflow is recognised by the
 * first word, by those who know the names.
 */
export type Command =
  /** `plan` is a `run` that waits for its approval, whatever the settings say. */
  | { verb: "run" | "plan"; words: readonly string[]; task: string; flags: RunFlags }
  /** A word on a run's plan or question; `id` is the plan's hash or the question's id, in small letters, when one was typed. */
  | { verb: "approve" | "reject"; id: string | null; comment: string }
  | { verb: "status" | "list" | "config" | "doctor" | "off" | "on" }
  /** What becomes of a run; null is the one of this thread, as long as there is only one it can be. */
  | { verb: "cancel" | "pause" | "resume" | "land" | "undo"; run: string | null }
  | { verb: "retry"; run: string | null; budgetUsd: number | null }
  | { verb: "budget"; run: string | null; change: BudgetChange }
  /** A run's id or the name of a saved workflow, as typed; null is this thread's newest run. */
  | { verb: "show"; what: string | null }
  /** `agent` is a part of an agent's label. */
  | { verb: "why"; run: string | null; agent: string | null }
  /** `name` is the saved workflow's; null is the one that the script has. */
  /** `capUsd`: what would have become of it under this cap. */
  | { verb: "replay"; run: string | null; capUsd: number | null }
  | { verb: "save"; run: string | null; name: string | null }
  | { verb: "schedules" }
  | { verb: "schedule"; act: "run" | "pause" | "resume"; name: string }
  /** A word on a finding of a schedule's report, by its id in small letters. */
  | { verb: "dismiss"; id: string; reason: string }
  | { verb: "undismiss"; id: string }
  | { verb: "help" }
  | { verb: "version" }
  /** The name alone, or `run` or `plan` without a task. */
  | { verb: "empty"; after: "run" | "plan" | null }
  /**
   * A word close to a verb, or one that this version keeps for later; nothing is started. `run` is what it would be were it
   * the name of a workflow; null for words that are kept.
   */
  | {
      verb: "unknown";
      word: string;
      suggestion: Verb | null;
      run: Extract<Command, { task: string }> | null;
    };

/** A run's cap: what it shall be, or by how much it shall grow. */
export interface BudgetChange {
  kind: "to" | "by";
  usd: number;
}

/** Verbs that do something in this version. */
export type Verb = Exclude<Command["verb"], "empty" | "unknown">;
