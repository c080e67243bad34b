// What could not be answered waits: a minute first, and longer each time, so that a GitHub in trouble is asked less and less.

import { limits } from "../config/limits.ts";
import type { Clock } from "../world/clock.ts";

/** Letters that could not be answered by this process, by their key, each with the time of its next try. */
export interface Waiting {
  /** It could not be answered, once more. */
  add(key: string): void;
  remove(key: string): void;
  has(key: string): boolean;
  /** Whether it may be tried: its time has come, or it never waited. */
  isDue(key: string): boolean;
  isAnyDue(): boolean;
}

export function createWaiting(clock: Pick<Clock, "monotonic">): Waiting {
  const all = new Map<string, { tries: number; until: number }>();
  const isOver = ({ until }: { until: number }): boolean => clock.monotonic() >= until;
  return {
    add: (key) => {
      const tries = (all.get(key)?.tries ?? 0) + 1;
      all.set(key, { tries, until: clock.monotonic() + againMs(tries) });
    },
    remove: (key) => void all.delete(key),
    has: (key) => all.has(key),
    isDue: (key) => {
      const one = all.get(key);
      return one === undefined || isOver(one);
    },
    isAnyDue: () => [...all.values()].some(isOver),
  };
}

/** How long a letter waits, in milliseconds, that could not be answered `tries` times. */
function againMs(tries: number): number {
  const { answerAgainMs, sweepMs } = limits.web;
  return Math.min(sweepMs, answerAgainMs * 2 ** (tries - 1));
}
