// The queue of one process: nothing to install, nothing to lose, since git holds the truth.

import type { Clock } from "../../world/clock.ts";
import type { Log } from "../../world/log.ts";
import type { DriveRun, Queue } from "../../world/queue.ts";

export interface EmbeddedQueueOptions {
  /** Runs driven at once. */
  concurrency: number;
  clock: Clock;
  log: Log;
}

interface State extends EmbeddedQueueOptions {
  /** In order of arrival. */
  waiting: Set<string>;
  driven: Map<string, { abort: AbortController; ended: Promise<void> }>;
  drive: DriveRun | null;
  closed: boolean;
}

/** Opens the queue; runs added before `start` wait for it. */
export function createEmbeddedQueue(options: EmbeddedQueueOptions): Queue {
  const state: State = {
    ...options,
    waiting: new Set(),
    driven: new Map(),
    drive: null,
    closed: false,
  };
  return {
    start(drive) {
      if (state.drive !== null) throw new Error("The queue was started twice.");
      state.drive = drive;
      handOut(state);
    },
    add(run) {
      if (state.closed || state.driven.has(run)) return;
      state.waiting.add(run);
      handOut(state);
    },
    close: (deadlineMs) => close(state, deadlineMs),
  };
}

function handOut(state: State): void {
  if (state.drive === null || state.closed) return;
  for (const run of state.waiting) {
    if (state.driven.size >= state.concurrency) return;
    state.waiting.delete(run);
    const abort = new AbortController();
    state.driven.set(run, { abort, ended: driveOne(state, { run, drive: state.drive, abort }) });
  }
}

async function driveOne(
  state: State,
  { run, drive, abort }: { run: string; drive: DriveRun; abort: AbortController },
): Promise<void> {
  // Out of the caller's way: `add` returns before the run moves.
  await Promise.resolve();
  try {
    await drive(run, abort.signal);
  } catch (error) {
    const stopped = abort.signal.aborted;
    if (!stopped)
      state.log.error({ run, err: error }, "A run's driver failed; its checkpoint stands.");
  } finally {
    state.driven.delete(run);
    handOut(state);
  }
}

async function close(state: State, deadlineMs: number): Promise<void> {
  state.closed = true;
  state.waiting.clear();
  const ends = [...state.driven.values()].map(({ ended }) => ended);
  for (const { abort } of state.driven.values()) {
    abort.abort(new Error("The bot is stopping; the run goes on after the next start."));
  }
  const enough = new AbortController();
  const stopped = Promise.all(ends).then(() => enough.abort());
  const deadline = state.clock.sleep(deadlineMs, enough.signal).catch(() => {});
  await Promise.race([stopped, deadline]);
  if (state.driven.size === 0) return;
  const runs = [...state.driven.keys()];
  state.log.warn({ runs }, "Runs did not stop in time; they go on from their checkpoints.");
}
