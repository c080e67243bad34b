// The port to the bot's own audit log, and on whose behalf work under way is done. It says who did what to what, and no text.

import { AsyncLocalStorage } from "node:async_hooks";

/** What one line is about. */
export interface Audited {
  /**
   * A command that was carried out or refused, a run that began, a plan that was shown or is void, a word on a plan or a
   * question, a write to GitHub.
   */
  kind: "command" | "refused" | "run" | "plan" | "void" | "decision" | "write";
  /** GitHub's number of the repository. */
  repository: number;
  /** The verb, `begun`, `shown`, `approved`, `rejected`, or the call that is about to be made. */
  what: string;
  /** The thread, comment, ref or commit that it is done to; null where there is none yet. */
  target: string | null;
  /** Of a plan its hash, of a push or a commit what the ref or the tree is then; null for anything else. */
  hash: string | null;
}

/** Why something is done. */
export interface Cause {
  /** GitHub's id of the delivery that it began with; null for what a schedule or this process began. */
  delivery: string | null;
  /** GitHub's number of the account that asked for it. */
  actor: number | null;
  run: string | null;
}

/** What is about to be done is kept before it is done. */
export interface AuditLog {
  /**
   * Survives a crash once it resolves. Never rejects: what cannot be kept is said in the process's log, and the bot goes on.
   */
  note(audited: readonly Audited[]): Promise<void>;
}

const causes = new AsyncLocalStorage<Cause>();

/** Does `work`; whatever is noted meanwhile, however deep below, was caused by this. */
export const because = <T>(cause: Cause, work: () => Promise<T>): Promise<T> =>
  causes.run(cause, work);

/** What caused the work that asks. */
export const causeNow = (): Cause =>
  causes.getStore() ?? { delivery: null, actor: null, run: null };
