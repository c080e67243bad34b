// A queue that drives one run after the other, in the order they were added.

import type { Clock } from "../../world/clock.ts";
import type { DriveRun, Queue, QueueEntry, Wake } from "../../world/queue.ts";

export interface MemoryQueue extends Queue {
  /** Resolves when no run waits or is driven, be it that some sleep; rejects with the first failure of a driver since the last call. */
  idle(): Promise<void>;
}

interface State {
  clock: Clock;
  waiting: Wake[];
  sleeping: Map<string, { wake: Wake; until: number }>;
  current: Wake | null;
  drive: DriveRun | null;
  isWorking: boolean;
  isPaused: boolean;
  abort: AbortController;
  working: Promise<void>;
  failures: Error[];
}

/** Opens the queue; runs added before `start` wait for it. */
export function createMemoryQueue(clock: Clock): MemoryQueue {
  const state: State = {
    clock,
    waiting: [],
    sleeping: new Map(),
    current: null,
    drive: null,
    isWorking: false,
    isPaused: false,
    abort: new AbortController(),
    working: Promise.resolve(),
    failures: [],
  };
  const { sleeping, abort } = state;
  return {
    start(drive) {
      if (state.drive !== null) throw new Error("The queue was started twice.");
      state.drive = drive;
      work(state);
    },
    add: async (wake, { delayMs = 0 } = {}) => add(state, wake, delayMs),
    limits: { atOnce: 1, guests: 0, perRepository: 1, perInstallation: 1 },
    entries: async () => {
      const as = (entry: QueueEntry["state"]) => (wake: Wake) => ({ ...wake, state: entry });
      return [
        ...(state.current === null ? [] : [state.current]).map(as("driven")),
        ...state.waiting.map(as("waiting")),
        ...[...sleeping.values()].map(({ wake }) => wake).map(as("sleeping")),
      ];
    },
    depth: async () => ({
      waiting: state.waiting.length,
      sleeping: sleeping.size,
      driven: state.current === null ? 0 : 1,
    }),
    drop: async (run) => {
      sleeping.delete(run);
      state.waiting = state.waiting.filter((wake) => wake.run !== run);
    },
    pause: () => void (state.isPaused = true),
    resume: () => {
      state.isPaused = false;
      work(state);
    },
    async close() {
      state.waiting = [];
      sleeping.clear();
      abort.abort(new Error("The queue was closed."));
      await state.working;
    },
    async idle() {
      await state.working;
      const [failure] = state.failures.splice(0);
      if (failure !== undefined) throw failure;
    },
  };
}

function add(state: State, wake: Wake, delayMs: number): void {
  const { abort, sleeping, waiting } = state;
  const { run } = wake;
  const isKnown = state.current?.run === run || waiting.some((each) => each.run === run);
  if (isKnown || abort.signal.aborted) return;
  if (delayMs > 0) return sleep(state, wake, delayMs);
  sleeping.delete(run);
  waiting.push(wake);
  work(state);
}

function sleep(state: State, wake: Wake, delayMs: number): void {
  const { clock, sleeping, abort } = state;
  const mine = { wake, until: clock.monotonic() + delayMs };
  const known = sleeping.get(wake.run);
  if (known !== undefined && known.until <= mine.until) return;
  sleeping.set(wake.run, mine);
  clock.sleep(delayMs, abort.signal).then(
    () => {
      // Dropped, or woken before its time.
      if (sleeping.get(wake.run) === mine) add(state, wake, 0);
    },
    () => undefined,
  );
}

function work(state: State): void {
  const { drive, isWorking, isPaused, waiting } = state;
  if (drive === null || isWorking || isPaused || waiting.length === 0) return;
  state.isWorking = true;
  state.working = driveAll(state, drive);
}

async function driveAll(state: State, drive: DriveRun): Promise<void> {
  const { signal } = state.abort;
  while (!state.isPaused) {
    const wake = state.waiting.shift();
    if (wake === undefined) break;
    state.current = wake;
    await Promise.resolve();
    const since = state.clock.monotonic();
    const hold = { signal, isExclusive: false, mayAct: async () => {}, since };
    const againMs = await drive(wake, hold).catch((error: unknown) => {
      if (!signal.aborted) state.failures.push(toError(error));
      return null;
    });
    state.current = null;
    if (againMs !== null) add(state, wake, againMs);
  }
  state.isWorking = false;
}

function toError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(String(thrown));
}
