// The port that wakes runs. Git is the truth: the queue may be wiped and rebuilt at any moment.

/** Drives one run until it ends or must wait. */
export type DriveRun = (run: string, signal: AbortSignal) => Promise<void>;

export interface Queue {
  /** Starts handing out runs, `concurrency` at once. */
  start(drive: DriveRun): void;
  /** Idempotent by run id: a run that waits or is being driven is not added again. */
  add(run: string): void;
  /** Takes no more, aborts what is under way, resolves when it stopped or `deadlineMs` passed. */
  close(deadlineMs: number): Promise<void>;
}
