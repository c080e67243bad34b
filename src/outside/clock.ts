// The system's clock.

import { setTimeout as delay } from "node:timers/promises";

import type { Clock } from "../world/clock.ts";

/** Real time. */
export const systemClock: Clock = {
  now: () => Date.now(),
  async sleep(ms, signal) {
    signal?.throwIfAborted();
    try {
      await delay(ms, undefined, signal === undefined ? {} : { signal });
    } catch (error) {
      // Node rejects with its own AbortError; the port promises the signal's reason.
      signal?.throwIfAborted();
      throw error;
    }
  },
};
