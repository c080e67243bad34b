// The places of one process: those for whoever is next, and those kept for installations of which nothing is driven.

import type { Clock } from "../../world/clock.ts";
import type { QueueLimits } from "../../world/queue.ts";

/** Leave every place that was taken. */
export interface Places {
  /** False when there is none now. */
  take(who: { isGuest: boolean }): boolean;
  /** False when none became free within `ms`. */
  wait(who: { isGuest: boolean }, ms: number): Promise<boolean>;
  leave(): void;
}

export function openPlaces({ atOnce, guests }: QueueLimits, clock: Pick<Clock, "sleep">): Places {
  let taken = 0;
  let freed = Promise.withResolvers<void>();
  const take = ({ isGuest }: { isGuest: boolean }): boolean => {
    if (taken >= (isGuest ? atOnce + guests : atOnce)) return false;
    taken += 1;
    return true;
  };
  return {
    take,
    wait: async (who, ms) => {
      const enough = new AbortController();
      const late = clock.sleep(ms, enough.signal).catch(() => undefined);
      await Promise.race([freed.promise, late]);
      enough.abort(new Error("It waits no more."));
      return take(who);
    },
    leave: () => {
      taken -= 1;
      freed.resolve();
      freed = Promise.withResolvers();
    },
  };
}
