// A job's lock, renewed for as long as its work goes on, and known by its holder to be fresh or not.

import type { Job } from "bullmq";

import type { Clock } from "../../world/clock.ts";
import type { LossTimes } from "./bull.ts";

/** Another process was handed the job, or will be: this one had gone silent. */
export class LockLost extends Error {
  override readonly name = "LockLost";
}

export interface Lock {
  /** Aborted when the lock is lost. */
  signal: AbortSignal;
  /**
   * Resolves while nobody else can have been handed the job; rejects with `LockLost` when somebody may, and once the work is
   * over. Half of the lock's time is left then, for what is about to be sent.
   */
  prove: () => Promise<void>;
  /** Renews no more. */
  [Symbol.dispose](): void;
}

interface State {
  job: Pick<Job, "id" | "extendLock">;
  token: string;
  clock: Clock;
  times: LossTimes;
  /** When the last renewal that went through was asked for. */
  proven: { monotonic: number; now: number };
  renewing: Promise<void> | null;
  lost: AbortController;
  over: AbortController;
}

/** Holds the lock that the job came with. */
export function holdLock(given: Pick<State, "job" | "token" | "clock" | "times">): Lock {
  const state: State = {
    ...given,
    proven: { monotonic: Number.NEGATIVE_INFINITY, now: Number.NEGATIVE_INFINITY },
    renewing: null,
    lost: new AbortController(),
    over: new AbortController(),
  };
  void keep(state);
  return {
    signal: state.lost.signal,
    prove: () => prove(state),
    [Symbol.dispose]: () => state.over.abort(new Error("The work is over.")),
  };
}

/** Also what the job came with is renewed first: nobody knows how long ago it was handed out. */
async function keep(state: State): Promise<void> {
  const { clock, times, lost, over } = state;
  const ended = AbortSignal.any([lost.signal, over.signal]);
  while (!ended.aborted) {
    await renew(state).catch(() => undefined);
    await clock.sleep(times.renewMs, ended).catch(() => undefined);
  }
}

async function prove(state: State): Promise<void> {
  const { lost, over, times } = state;
  for (;;) {
    lost.signal.throwIfAborted();
    // Nothing renews it any more: whatever goes on behind the work's back would ask for ever.
    if (over.signal.aborted) throw lostLock(state, "The work that it was for is over.");
    if (sinceProof(state) < times.lockMs / 2) return;
    await unlessAborted(lost.signal, renew(state));
  }
}

/** By the clock that says more: one stands still while a machine is suspended, the other can be set. */
const sinceProof = ({ clock, proven }: State): number =>
  Math.max(clock.monotonic() - proven.monotonic, clock.now() - proven.now);

/** One at a time. Rejects when the database cannot be asked; a lock that is gone is no error here but an abort. */
function renew(state: State): Promise<void> {
  state.renewing ??= renewOnce(state).finally(() => {
    state.renewing = null;
  });
  return state.renewing;
}

async function renewOnce(state: State): Promise<void> {
  const { job, token, clock, times, lost, over } = state;
  const asked = { monotonic: clock.monotonic(), now: clock.now() };
  const isOurs = (await job.extendLock(token, times.lockMs)) === 1;
  if (isOurs) state.proven = asked;
  else if (!over.signal.aborted) lost.abort(lostLock(state, "It may be another process's by now."));
}

const lostLock = ({ job }: State, why: string): LockLost =>
  new LockLost(`The lock of ${String(job.id)} is gone. ${why}`);

/** Listens no longer than the work takes: a lock is proven many times. */
async function unlessAborted(signal: AbortSignal, work: Promise<void>): Promise<void> {
  const done = new AbortController();
  const aborted = new Promise<never>((_, reject) => {
    const onAbort = (): void => reject(signal.reason);
    signal.addEventListener("abort", onAbort, { once: true, signal: done.signal });
  });
  try {
    await Promise.race([work, aborted]);
  } finally {
    done.abort();
  }
}
