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
  | { verb: "run"; words: readonly string[]; task: string; flags: RunFlags }
  | { verb: "status" }
  | { verb: "cancel" }
  /** A word on a run's question; `question` is its id when one was typed. */
  | { verb: "approve" | "reject"; question: string | null; comment: string }
  | { verb: "help" }
  | { verb: "version" }
  /** The name alone, or `run` without a task. */
  | { verb: "empty"; after: "run" | null }
  /** A word close to a verb, or one that this version keeps for later; nothing is started. */
  | { verb: "unknown"; word: string; suggestion: Verb | null };

/** Verbs that do something in this version. */
export type Verb = "run" | "status" | "cancel" | "approve" | "reject" | "help" | "version";

/** The least role a verb asks for; `anyone` still gets one short answer and no model call. */
export type Requirement = "anyone" | "triage" | "write";

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
    usage: "/workflow approve [ID] [WORDS]",
    does: "says yes to a run's question; the id may be left out while only one is open",
    needs: "write",
  },
  reject: {
    usage: "/workflow reject [ID] [WORDS]",
    does: "says no to a run's question",
    needs: "write",
  },
  help: { usage: "/workflow help", does: "shows this table", needs: "anyone" },
  version: { usage: "/workflow version", does: "says which Fanfold this is", needs: "anyone" },
} as const satisfies Record<Verb, VerbEntry>;

/** Words of the language that this version does not act on. They never start a run by accident. */
export const reservedWords: readonly string[] = [
  "plan",
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
  "config",
  "doctor",
  "off",
  "on",
];

/** The verb this word is, whatever its case; null when it is none. */
export function verbOf(word: string): Verb | null {
  const lower = word.toLowerCase();
  return isVerb(lower) ? lower : null;
}

function isVerb(word: string): word is Verb {
  return Object.hasOwn(verbs, word);
}
