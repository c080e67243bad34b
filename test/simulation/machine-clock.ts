// The clock of a machine, as one of its processes reads it.

import type { Clock } from "../../src/world/clock.ts";
import type { Process } from "./core/seam.ts";
import type { Timeline } from "./core/timeline.ts";
import type { Machine } from "./machine.ts";

/** Two machines agree neither on the time nor on when they were switched on. */
export function clockOf(timeline: Timeline, { skewMs }: Machine, process: Process): Clock {
  return {
    now: () => timeline.now + skewMs,
    monotonic: () => timeline.now - skewMs,
    sleep: (ms, signal) => {
      const { promise, resolve, reject } = Promise.withResolvers<void>();
      if (signal?.aborted === true) return Promise.reject(signal.reason);
      const onAbort = (): void => {
        takeBack();
        reject(signal?.reason);
      };
      const takeBack = timeline.after(ms, process, () => {
        signal?.removeEventListener("abort", onAbort);
        resolve();
      });
      signal?.addEventListener("abort", onAbort, { once: true });
      return promise;
    },
  };
}
