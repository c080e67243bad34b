// The port to a run's life: what a conversation asks of the runs, and what the process asks of them at start and end.

import type { Reactable, RepositoryRef } from "../world/forge.ts";
import type { BudgetChange } from "./command.ts";
import type { RunFlags } from "./known-flags.ts";

/** A conversation: one issue or one pull request. */
export interface ThreadRef {
  repository: RepositoryRef;
  /** Number of the issue or pull request. */
  thread: number;
}

/** A person, by the id that counts and the login for people to read. */
export interface Person {
  id: number;
  login: string;
}

/** What starts a run that nobody commented for: a schedule, at its moment or at a person's word. */
export interface Occasion {
  /** The schedule's name. */
  schedule: string;
  /** Which of its starts this is: one start is one run. Milliseconds since 1970. */
  tick: number;
  /** SHA-256 of the script that may run; null: whichever there is. */
  script: string | null;
}

/** What an authorized person asked for, as it stood when they asked. */
export interface RunRequest extends ThreadRef {
  isPullRequest: boolean;
  /** Set where nobody said anything: then it is what the run hangs on. */
  occasion?: Occasion;
  /** Names what was said: it starts one run, however often it is delivered. */
  key: string;
  /** What bears the reactions; null where nothing can. */
  said: Reactable | null;
  /** The line of a diff that it was said on. */
  place: Spot | null;
  requester: Person;
  /** The command's own line as it was typed; null where nobody typed one. */
  line: string | null;
  /** Words of the command's own line, flags left out: the first may name a saved workflow. */
  words: readonly string[];
  /** The whole task as Markdown, at most `limits.command.taskChars` characters. */
  task: string;
  flags: RunFlags;
  /** Sentences for the plan about how the command was read, e.g. that a long task was cut. */
  notes: readonly string[];
  /** Asked for by `plan`: nothing runs before its approval. */
  waitsForApproval: boolean;
}

/** A line of a pull request's diff, with what stands around it. */
export interface Spot {
  path: string;
  /** Null for a whole file, or where the line is not in the diff any more. */
  line: number | null;
  side: "LEFT" | "RIGHT";
  hunk: string;
}

/** What somebody asked to run again. */
export interface RetryRequest extends Pick<
  RunRequest,
  "repository" | "thread" | "key" | "said" | "requester" | "line"
> {
  /** Null is the newest one of the thread that has ended. */
  run: string | null;
  /** Cap of the new run; null: as large as the old one's. */
  budgetUsd: number | null;
}

/** Where a run stands, in the words people read. */
export type RunState =
  | "planning"
  | "waiting"
  | "paused"
  | "running"
  | "completed"
  | "partial"
  | "failed"
  | "cancelled";

export interface RunSummary {
  run: string;
  /** The task or the saved workflow's name, one line. */
  title: string;
  state: RunState;
  /** Numbers, not adjectives: e.g. "3 of 8 agents done, $0.42 spent". */
  detail: string;
  /** Ids of the plans and questions that wait for a person's word, as it would be typed. */
  asks: readonly string[];
  /** Page of the run's comment or final pull request; null while there is none. */
  url: string | null;
  /** What it has cost so far; null when a price is unknown. */
  costUsd: number | null;
  /** Milliseconds since 1970. */
  createdAt: number;
}

/** What a person wishes of a run; `run` null is the only one of the thread that it can be. Only `undo` fits one that has ended. */
export type Wish = { run: string | null } & (
  | { verb: "cancel" | "pause" | "resume" | "land" | "undo" }
  /** `mostUsd` is the largest cap that the repository's settings allow; `key` names what was said: it counts once. */
  | { verb: "budget"; change: BudgetChange; mostUsd: number; key: string }
);

/** What became of it. */
export type Granted =
  | { kind: "noted"; verb: Exclude<Wish["verb"], "budget">; run: string }
  /**
   * `goesOn`: it stood at its cap, and there is room now. `voids`: id of the plan that waits and was made for another cap.
   * `spentUsd` is set where as much is spent already as the cap allows.
   */
  | {
      kind: "cap";
      run: string;
      from: number | null;
      to: number;
      goesOn: boolean;
      voids?: string;
      spentUsd?: number;
    }
  /** It cannot be done where the run stands; the sentence says why, and what can be done. */
  | { kind: "unfit"; run: string; why: string }
  /** This thread has none that it could be for, or the repository none with this id. */
  | { kind: "nothing-runs"; run: string | null }
  | { kind: "ended"; run: string; state: RunState }
  /** Several runs of this thread could be meant: people must say which. */
  | { kind: "ambiguous"; runs: readonly RunSummary[] };

/** A run that is known to be there and cannot be read: nobody can say how it stands, nor do anything about it from here. */
export type UnreadableRun = Pick<RunSummary, "run"> & { why: string };

/** What a run has left on GitHub, as far as this process knows. */
export interface Trace {
  run: string;
  /** Number of its final pull request. */
  finalPull: number | null;
  /** The ref that keeps it for other machines; null when there need not be one yet, or not any more. */
  checkpoint: string | null;
  /** Why it does not go on just now; null when it does, or has ended. */
  waits: string | null;
}

/** Whose script is to be saved, and under which name. */
export interface SaveRequest {
  by: Person;
  /** Null is the newest of the thread. */
  run: string | null;
  /** Null: the name that the script gives itself. */
  name: string | null;
  /** A workflow cannot be called by such a word. */
  isCommand: (word: string) => boolean;
}

/** What became of the wish to save a run's script; `file` is its path in the repository. */
export type Saved =
  | { kind: "proposed" | "closed-before"; file: string; number: number; url: string }
  /** The default branch has exactly this file. */
  | { kind: "saved-already"; file: string };

/** A person's word on a plan or a question of a run. */
export interface Word {
  approved: boolean;
  /** The plan's hash or the question's id as it was typed, in small letters; null when it was left out. */
  id: string | null;
  comment: string;
}

/** What became of a person's word. A plan's id is the first part of its hash. */
export type Deciding =
  | { kind: "decided"; what: "plan" | "question"; run: string; id: string; approved: boolean }
  /** The first word stands; `by` is null when the question's time ran out. */
  | { kind: "decided-before"; id: string; approved: boolean; by: string | null }
  /** An approval names its plan; this one is the only open one, and was not named. */
  | { kind: "unnamed-plan"; id: string }
  /** Its script does not stand in the thread in full, nor behind a link there. */
  | { kind: "not-shown"; id: string }
  /** The requester may not approve their own plan here. */
  | { kind: "needs-another"; id: string; requester: string }
  | { kind: "nothing-asked" }
  /** Several plans or questions are open, or the id is none of them. */
  | { kind: "which"; open: readonly { id: string; text: string }[] };

/** Whether a request made a run, or named one that this process has already. */
export type Taken = "new" | "known";

/** What a conversation can ask of the runs. */
export interface RunDesk {
  /**
   * Takes the request on; durable when it resolves. Idempotent by repository and `key`, or by its occasion. The run speaks for
   * itself in the thread from then on. Rejects with `RunRefused` when it cannot begin.
   */
  start(request: RunRequest): Promise<Taken>;
  /**
   * Takes a new run on that reuses the answers of one that has ended; otherwise as `start`. Rejects with `RunRefused`.
   */
  retry(request: RetryRequest): Promise<Taken>;
  /** Whether the run that was asked for under `key` speaks in the thread already. Rejects with `ForgeError`. */
  hasBegun(thread: ThreadRef, key: string): Promise<boolean>;
  /** What is known of a run or a saved workflow, as Markdown; null is the thread's newest run. Rejects with `RunRefused`. */
  show(thread: ThreadRef, what: string | null): Promise<string>;
  /** Why changes stayed out and agents failed, as Markdown. Rejects with `RunRefused`. */
  why(thread: ThreadRef, about: { run: string | null; agent: string | null }): Promise<string>;
  /**
   * Proposes the script of a run, null for the thread's newest, as a saved workflow. Asked for twice it finds what it
   * proposed. Rejects with `RunRefused`.
   */
  save(thread: ThreadRef, asked: SaveRequest): Promise<Saved>;
  /** Names of the workflows that can be run there, saved and built-in ones. Rejects with `ForgeError`. */
  workflows(where: ThreadRef & { isPullRequest: boolean }): Promise<readonly string[]>;
  /** Takes a wish for a run; on disk when it resolves, not done yet. */
  grant(thread: ThreadRef, by: Person, wish: Wish): Promise<Granted>;
  /** Stops every run of a repository, as the wish to cancel does; resolves to their ids. */
  cancelAll(repository: RepositoryRef, by: Person): Promise<string[]>;
  /** Decides a plan or a question of one of the thread's runs; on disk when it resolves. */
  decide(thread: ThreadRef, by: Person, word: Word): Promise<Deciding>;
  /** The thread's runs that are alive, and the newest that ended. */
  status(thread: ThreadRef): Promise<readonly RunSummary[]>;
  /** The thread's runs that cannot be read. */
  unreadable(thread: ThreadRef): Promise<readonly UnreadableRun[]>;
  /** Runs of a repository, the newest first. */
  list(repository: RepositoryRef): Promise<readonly RunSummary[]>;
  /** What they left on GitHub, the newest first. */
  traces(repository: RepositoryRef): Promise<readonly Trace[]>;
}

/** The desk as the process sees it. */
export interface RunDeskProcess extends RunDesk {
  /** Takes up the runs an earlier process left behind and starts driving. */
  open(): Promise<void>;
  /** Keeps the queue of several processes in step with the repositories until `signal`; one of the processes does it. */
  keep(signal: AbortSignal): Promise<void>;
  /** Drives no further runs; those under way go on. */
  pause(): void;
  /** Clears away what ended runs left on GitHub and nobody needs any more. */
  tidy(signal: AbortSignal): Promise<void>;
  /** Takes no more and resolves when what is under way has stopped safely, or `deadlineMs` passed. */
  close(deadlineMs: number): Promise<void>;
}

/** A request that cannot begin. The message is Markdown for the person who asked and is posted as it stands. */
export class RunRefused extends Error {
  override readonly name = "RunRefused";
}
