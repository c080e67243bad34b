// A clock that runs faster than the machine's: what waits for GitHub's pace is not what is measured.

import { setTimeout as sleep } from "node:timers/promises";

import type { Clock } from "../../src/world/clock.ts";

export function quickClock(speed: number): Clock {
  const start = Date.now();
  return {
    now: () => start + (Date.now() - start) * speed,
    sleep: async (ms, signal) => {
      try {
        await sleep(ms / speed, undefined, { signal });
      } catch (error) {
        signal?.throwIfAborted();
        throw error;
      }
    },
  };
}
