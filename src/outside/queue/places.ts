// The places of one process: those for whoever is next, and those kept for installations of which nothing is driven.

import type { Clock } from "../../world/clock.ts";
import type { QueueLimits } from "../../world/queue.ts";
import { type Comer, hasPlaceFor } from "../../world/room.ts";

/** Leave every place that was taken. */
export interface Places {
  /** False when there is none now. Two of one installation that were looked at in one moment are not both its guests. */
  take(who: Comer): boolean;
  /** False when none became free within `ms`. */
  wait(who: Comer, ms: number): Promise<boolean>;
  leave(who: Pick<Comer, "installationId">): void;
}

export function openPlaces(limits: QueueLimits, clock: Pick<Clock, "sleep">): Places {
  const taken: number[] = [];
  let freed = Promise.withResolvers<void>();
  const take = (who: Comer): boolean => {
    if (!hasPlaceFor(who, taken, limits)) return false;
    taken.push(who.installationId);
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
    leave: ({ installationId }) => {
      taken.splice(taken.indexOf(installationId), 1);
      freed.resolve();
      freed = Promise.withResolvers();
    },
  };
}
