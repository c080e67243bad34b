// The system's clock.

import { setTimeout as delay } from "node:timers/promises";

import type { Clock } from "../world/clock.ts";

/** A timer of Node holds no more milliseconds than this, and goes off at once when asked to. */
const TIMER_MS_MAX = 2 ** 31 - 1;

/** Real time. */
export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  async sleep(ms, signal) {
    signal?.throwIfAborted();
    try {
      const options = signal === undefined ? {} : { signal };
      for (let leftMs = ms; leftMs >= 0; leftMs -= TIMER_MS_MAX)
        await delay(Math.min(leftMs, TIMER_MS_MAX), undefined, options);
    } catch (error) {
      // Node rejects with its own AbortError; the port promises the signal's reason.
      signal?.throwIfAborted();
      throw error;
    }
  },
};
