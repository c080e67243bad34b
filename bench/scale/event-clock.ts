// A day in minutes: time goes from one tick at which somebody wakes to the next.

import type { Clock } from "../../src/world/clock.ts";

/** Waits are as exact as this: a hundredth of what a turn takes. */
const TICK_MS = 100;

export interface EventClock extends Clock {
  /** Lets time run until this moment, in milliseconds since the start. */
  runTo(ms: number): Promise<void>;
}

interface Sleeper {
  wake: (() => void) | null;
}

interface State {
  tick: number;
  sleepers: Map<number, Sleeper[]>;
}

/** Begins at 0. */
export function createEventClock(): EventClock {
  const state: State = { tick: 0, sleepers: new Map() };
  const now = (): number => state.tick * TICK_MS;
  return {
    now,
    monotonic: now,
    sleep: (ms, signal) => sleep(state, ms, signal),
    runTo: (ms) => runTo(state, ms),
  };
}

function sleep({ tick, sleepers }: State, ms: number, signal?: AbortSignal): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  if (signal?.aborted === true) {
    reject(signal.reason);
    return promise;
  }
  const due = tick + Math.max(1, Math.ceil(ms / TICK_MS));
  const sleeper: Sleeper = { wake: resolve };
  const others = sleepers.get(due);
  if (others === undefined) sleepers.set(due, [sleeper]);
  else others.push(sleeper);
  if (signal === undefined) return promise;
  const onAbort = (): void => {
    sleeper.wake = null;
    reject(signal.reason);
  };
  signal.addEventListener("abort", onAbort, { once: true });
  sleeper.wake = () => {
    signal.removeEventListener("abort", onAbort);
    resolve();
  };
  return promise;
}

async function runTo(state: State, ms: number): Promise<void> {
  const end = Math.floor(ms / TICK_MS);
  await atRest();
  for (; state.tick < end; state.tick += 1) {
    const due = state.sleepers.get(state.tick);
    if (due === undefined) continue;
    state.sleepers.delete(state.tick);
    for (const { wake } of due) wake?.();
    await atRest();
  }
}

/** Whatever follows without waiting has happened before time goes on. */
const atRest = (): Promise<void> => new Promise((go) => void setImmediate(go));
