// A queue that drives one run after the other, in the order they were added.

import type { DriveRun, Queue } from "../../world/queue.ts";

export interface MemoryQueue extends Queue {
  /** Resolves when no run waits or is driven; rejects with the first failure of a driver since the last call. */
  idle(): Promise<void>;
}

interface State {
  waiting: string[];
  current: string | null;
  drive: DriveRun | null;
  abort: AbortController;
  working: Promise<void>;
  failures: Error[];
}

/** Opens the queue; runs added before `start` wait for it. */
export function createMemoryQueue(): MemoryQueue {
  const state: State = {
    waiting: [],
    current: null,
    drive: null,
    abort: new AbortController(),
    working: Promise.resolve(),
    failures: [],
  };
  return {
    start(drive) {
      if (state.drive !== null) throw new Error("The queue was started twice.");
      state.drive = drive;
      work(state);
    },
    add(run) {
      const known = state.current === run || state.waiting.includes(run);
      if (known || state.abort.signal.aborted) return;
      state.waiting.push(run);
      work(state);
    },
    async close() {
      state.waiting = [];
      state.abort.abort(new Error("The queue was closed."));
      await state.working;
    },
    async idle() {
      await state.working;
      const [failure] = state.failures.splice(0);
      if (failure !== undefined) throw failure;
    },
  };
}

function work(state: State): void {
  if (state.drive === null || state.current !== null) return;
  const run = state.waiting.shift();
  if (run === undefined) return;
  state.current = run;
  state.working = driveAll(state, { first: run, drive: state.drive });
}

async function driveAll(
  state: State,
  { first, drive }: { first: string; drive: DriveRun },
): Promise<void> {
  for (let run: string | undefined = first; run !== undefined; run = state.waiting.shift()) {
    state.current = run;
    await Promise.resolve();
    await drive(run, state.abort.signal).catch((error: unknown) => {
      if (!state.abort.signal.aborted) state.failures.push(toError(error));
    });
  }
  state.current = null;
}

function toError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(String(thrown));
}
