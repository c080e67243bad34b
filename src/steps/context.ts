// What every step works with: the run's repository, its shared state, and the way to an agent.

import type { AgentEnd, AgentTask } from "../agent/agent.ts";
import type { Call } from "../engine/call.ts";
import type { Emit } from "../engine/events.ts";
import type { Mirror, Snapshot } from "../repo/contract.ts";
import type { FileDiff, Identity, Oid } from "../repo/git-data.ts";
import type { OtherCheck } from "../world/checks.ts";
import type { CheckedBranch } from "./checked.ts";
import type { ChangeState } from "./ledger.ts";
import type { ProposedShard } from "./records.ts";
import type { AgentTypes } from "./agent-types/agent-types.ts";
import type { Conventions } from "./conventions.ts";
import type { Earlier } from "./earlier.ts";
import type { Instructions } from "./instructions.ts";
import type { Ledger } from "./ledger.ts";
import type { NoteOnce } from "./notes.ts";

/** A person's account; the id is what counts. */
export interface Person {
  id: number;
  login: string;
}

/** Which model a call gets. */
export interface ModelChoice {
  id: string;
  effort: AgentTask["effort"];
  /** What was asked for instead, where the model does not take it; null where it does. */
  effortRefused: AgentTask["effort"];
  /** Whether its list price is known. */
  isPriced: boolean;
}

/** Numbers that steps keep to; units in their names. */
export interface StepLimits {
  agent: AgentTask["limits"];
  reviewersMax: number;
  /** Longest diff a reviewer is shown, in characters; beyond it the reviewer reads the files. */
  diffChars: number;
  /** Failing checks of one change whose logs are read, and characters of each that are kept. */
  checkLogs: number;
  checkLogChars: number;
}

/** Runs agents within the run's concurrency; tells watchers. */
export interface AgentPool {
  run(
    task: AgentTask,
    who: { call: Call; index: number; label: string },
    signal: AbortSignal,
  ): Promise<AgentEnd>;
}

/** What people made of a question; `by` is null when its time ran out. */
export interface Decision {
  approved: boolean;
  by: string | null;
  comment: string;
}

/** Asks people in the thread. */
export interface Questions {
  /** Resolves when the question stands in the thread; asking again with the same key finds it there. */
  ask(
    question: { key: string; text: string; expiresMs: number },
    signal: AbortSignal,
  ): Promise<Asked>;
  /** Shows in the thread what became of it. */
  close(id: string, signal: AbortSignal): Promise<void>;
}

/** A question that stands in the thread. */
export interface Asked {
  id: string;
  /** Null while nobody has decided. */
  decision: Decision | null;
  /** Waits for it, for days if need be. */
  decided: () => Promise<Decision>;
}

/** The repository's own checks, asked about a change. */
export interface Checks {
  /** Resolves when its branch is on its way to where CI sees it, or when it is clear that it will not be. */
  ask(
    question: {
      key: string;
      change: ChangeState;
      waitMs: number;
      /** Makes the commit that CI is not kept away from; the same one each time. */
      release: () => Promise<Oid>;
    },
    signal: AbortSignal,
  ): Promise<CheckQuestion>;
  /** The end of what a check wrote; null when it cannot be read. */
  endOf(check: OtherCheck): Promise<string | null>;
}

/** `over` waits for the result, for hours if need be. */
export type CheckQuestion =
  | { result: CheckedBranch }
  | { result: null; over: () => Promise<CheckedBranch> };

/** A part of a migration as it became known before: what was proposed, and what people or CI said to it. */
export interface KnownShard {
  name: string;
  files: string[];
  state: "todo" | "open" | "merged" | "closed" | "conflict" | "failing";
  pull: number | null;
  /** The end of the log of what fails. */
  log: string | null;
  /** What was proposed, as a patch; for those that have to be done again. */
  patch: string | null;
}

/** What an inventory looked at: the paths are those it did not decide about, and those whose agents were lost. */
export interface InventoryCoverage {
  inScope: number;
  read: number;
  notRead: readonly string[];
  failed: readonly string[];
}

/** What is known of migrations of this repository, over all of their runs. */
export interface Migrations {
  /** The repository wants a pull request for each part. */
  isApart: boolean;
  ownersIn(files: Snapshot): Promise<(path: string) => readonly string[]>;
  known(what: string): Promise<KnownShard[]>;
  /** The same proposal twice is one. */
  propose(proposal: {
    what: string;
    proposed: readonly ProposedShard[];
    refused: readonly { name: string; why: string }[];
    /** Null where no inventory was taken. */
    coverage: InventoryCoverage | null;
  }): Promise<void>;
}

export interface RunContext {
  /** `placeOf` names the branch or hidden ref of a worker. */
  run: { id: string; requester: Person; author: Identity; placeOf: (worker: string) => string };
  mirror: Mirror;
  /** The repository at the pinned commit. */
  base: Snapshot;
  /** For a run on a pull request: what it changes. */
  pull: { number: number; diff: () => Promise<readonly FileDiff[]> } | null;
  ledger: Ledger;
  agents: AgentPool;
  agentTypes: AgentTypes;
  conventions: Conventions;
  instructions: Instructions;
  /** Whether agents must leave this path alone. */
  isProtected: (path: string) => boolean;
  questions: Questions;
  checks: Checks;
  migrations: Migrations;
  earlier: Earlier;
  emit: Emit;
  noteOnce: NoteOnce;
  now: () => number;
  /** Resolves aliases; a missing name is the run's default. */
  chooseModel: (wanted: { model: string | null; effort: AgentTask["effort"] }) => ModelChoice;
  limits: StepLimits;
  /** Lets a change into the trunk whose verdict is not `accepted`. */
  combineUnaccepted: boolean;
}
