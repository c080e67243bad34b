// What a person typed, as data: every command there is, and the table that help, parser and permissions read.

/** Flags of `run`; null where none was given. */
export interface RunFlags {
  /** The run's cap in US dollars. */
  budgetUsd: number | null;
  /** Agents this run may start in all. */
  maxAgents: number | null;
  /** Branch to start from instead of the default one. */
  base: string | null;
}

/**
 * One command. `run` keeps its first line's `words` apart from the whole `task`: a saved workflow is recognised by the
 * first word, by those who know the names.
 */
export type Command =
  /** `plan` is a `run` that waits for its approval, whatever the settings say. */
  | { verb: "run" | "plan"; words: readonly string[]; task: string; flags: RunFlags }
  /** A word on a run's plan or question; `id` is the plan's hash or the question's id, in small letters, when one was typed. */
  | { verb: "approve" | "reject"; id: string | null; comment: string }
  | { verb: "status" | "cancel" | "config" | "off" | "on" }
  | { verb: "help" | "version" }
  /** The name alone, or `run` or `plan` without a task. */
  | { verb: "empty"; after: "run" | "plan" | null }
  /** A word close to a verb, or one that this version keeps for later; nothing is started. */
  | { verb: "unknown"; word: string; suggestion: Verb | null };

/** Verbs that do something in this version. */
export type Verb = Exclude<Command["verb"], "empty" | "unknown">;

/** Roles that a verb may ask for, the least one first. */
export const roles = ["triage", "write", "maintain", "admin"] as const;
export type Role = (typeof roles)[number];

/** The least role a verb asks for; `anyone` still gets one short answer and no model call. */
export type Requirement = "anyone" | Role;

interface VerbEntry {
  usage: string;
  does: string;
  needs: Requirement;
}

/** Every verb with its line of help and the role it needs. */
export const verbs = {
  run: {
    usage: "/workflow [run] TASK [--budget $N] [--max-agents N] [--base BRANCH]",
    does: "plans the task, runs it with many agents, and opens one draft pull request; a saved workflow's name may stand in front of the task",
    needs: "write",
  },
  plan: {
    usage: "/workflow plan TASK [--budget $N] [--max-agents N] [--base BRANCH]",
    does: "plans the task and waits: phases, agents, cost and script are shown, and nothing runs before its approval",
    needs: "write",
  },
  status: {
    usage: "/workflow status",
    does: "says what is running in this thread",
    needs: "triage",
  },
  cancel: {
    usage: "/workflow cancel",
    does: "stops this thread's run and keeps what is finished",
    needs: "write",
  },
  approve: {
    usage: "/workflow approve ID [WORDS]",
    does: "lets exactly the plan with this hash run, or says yes to a run's question; a question's id may be left out while only one is open",
    needs: "write",
  },
  reject: {
    usage: "/workflow reject [ID] [WORDS]",
    does: "ends a plan that waits, or says no to a run's question",
    needs: "write",
  },
  config: {
    usage: "/workflow config",
    does: "shows the settings in force, each with where it comes from",
    needs: "triage",
  },
  off: {
    usage: "/workflow off",
    does: "stops this repository's runs, keeping what is finished, and starts none until `on`",
    needs: "maintain",
  },
  on: {
    usage: "/workflow on",
    does: "takes an `off` back",
    needs: "maintain",
  },
  help: { usage: "/workflow help", does: "shows this table", needs: "anyone" },
  version: { usage: "/workflow version", does: "says which Fanfold this is", needs: "anyone" },
} as const satisfies Record<Verb, VerbEntry>;

/** Words of the language that this version does not act on. They never start a run by accident. */
export const reservedWords: readonly string[] = [
  "pause",
  "resume",
  "retry",
  "steer",
  "land",
  "undo",
  "why",
  "replay",
  "budget",
  "list",
  "show",
  "doctor",
];

/** The verb this word is, whatever its case; null when it is none. */
export function verbOf(word: string): Verb | null {
  const lower = word.toLowerCase();
  return isVerb(lower) ? lower : null;
}

function isVerb(word: string): word is Verb {
  return Object.hasOwn(verbs, word);
}
