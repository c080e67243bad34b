// A clock that moves only when told to.

import { setTimeout as realDelay } from "node:timers/promises";

import type { Clock } from "../../world/clock.ts";

export interface ManualClock extends Clock {
  /** Moves time on by `ms`, waking sleepers one after the other, each at its own time. */
  advance(ms: number): Promise<void>;
  /** Lets time run `speed` times as fast as real time until the promise settles, and hands its end on. */
  during<T>(work: Promise<T>, speed?: number): Promise<T>;
  /** How many sleep now. */
  readonly sleepers: number;
}

interface Sleeper {
  at: number;
  wake: () => void;
}

/** Starts at `startMs`, milliseconds since 1970. */
export function createManualClock(startMs = Date.UTC(2026, 0, 1)): ManualClock {
  const state = { now: startMs, sleepers: new Set<Sleeper>() };
  return {
    now: () => state.now,
    monotonic: () => state.now - startMs,
    sleep: (ms, signal) => sleep(state, ms, signal),
    advance: (ms) => advance(state, ms),
    during: (work, speed = 50) => during(state, work, speed),
    get sleepers() {
      return state.sleepers.size;
    },
  };
}

type State = { now: number; sleepers: Set<Sleeper> };

function sleep(state: State, ms: number, signal: AbortSignal | undefined): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const sleeper: Sleeper = { at: state.now + Math.max(0, ms), wake: resolve };
  const onAbort = (): void => {
    state.sleepers.delete(sleeper);
    reject(signal?.reason);
  };
  if (signal?.aborted === true) {
    onAbort();
    return promise;
  }
  state.sleepers.add(sleeper);
  signal?.addEventListener("abort", onAbort, { once: true });
  return promise.finally(() => signal?.removeEventListener("abort", onAbort));
}

async function advance(state: State, ms: number): Promise<void> {
  const end = state.now + ms;
  for (;;) {
    const due = [...state.sleepers]
      .filter((sleeper) => sleeper.at <= end)
      .toSorted((a, b) => a.at - b.at)[0];
    if (due === undefined) break;
    state.sleepers.delete(due);
    state.now = Math.max(state.now, due.at);
    due.wake();
    // What woke up may want to sleep again before `end`.
    await turnOfTheLoop();
  }
  state.now = end;
  await turnOfTheLoop();
}

async function during<T>(state: State, work: Promise<T>, speed: number): Promise<T> {
  const end = { settled: false };
  const done = work.finally(() => {
    end.settled = true;
  });
  // Its failure is handed on below; until then it must not count as unhandled.
  done.catch(() => {});
  while (!end.settled) {
    await realDelay(2);
    await advance(state, 2 * speed);
  }
  return done;
}

function turnOfTheLoop(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
