// When a repository may be pushed to again: GitHub recommends at most 6 pushes a minute, all runs together.

import type { Clock } from "../world/clock.ts";

const GAP_MS = 10_000;
const WINDOW_MS = 60_000;
/** One below GitHub's recommendation, so that a person's push fits in. */
const PUSHES_PER_WINDOW = 5;

/** One for each repository, shared by its runs. */
export interface Pacer {
  /** Resolves when a push may go out, and counts it. Callers are let through one after the other. */
  turn(signal: AbortSignal): Promise<void>;
  /** Counts a push that must not wait: a run that is taken or let go of. */
  jump(): void;
}

export function openPacer(clock: Clock): Pacer {
  let recent: number[] = [];
  let last = Promise.resolve();
  const count = (): void => {
    recent = [...recent, clock.now()].slice(-PUSHES_PER_WINDOW);
  };
  const wait = async (signal: AbortSignal): Promise<void> => {
    for (;;) {
      // Looked at anew: somebody may have jumped the queue meanwhile.
      const waitMs = nextTurnAt(recent, clock.now()) - clock.now();
      if (waitMs <= 0) return count();
      await clock.sleep(waitMs, signal);
    }
  };
  return {
    jump: count,
    turn: (signal) => {
      const mine = last.then(() => wait(signal));
      last = mine.catch(() => undefined);
      return mine;
    },
  };
}

/** The first moment at which a push keeps both rules, given the times of earlier ones. */
export function nextTurnAt(recent: readonly number[], now: number): number {
  const previous = recent.at(-1);
  const oldest = recent.length < PUSHES_PER_WINDOW ? undefined : recent.at(-PUSHES_PER_WINDOW);
  return Math.max(
    now,
    previous === undefined ? 0 : previous + GAP_MS,
    oldest === undefined ? 0 : oldest + WINDOW_MS,
  );
}
