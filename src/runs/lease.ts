// Who drives a run: what the checkpoint says of it, and when somebody else may take it over. Pure but for the watch.

import { z } from "zod";

import { limits } from "../config/limits.ts";
import type { Oid } from "../repo/git-data.ts";
import type { Clock } from "../world/clock.ts";

/** The word of one driver, sealed into each commit of its checkpoint. */
export const Lease = z.object({
  /** One more with each driver that takes the run, so that the newest can be told. */
  epoch: z.int().positive(),
  /** The data folder that it is driven from. */
  owner: z.string(),
  /** The process: no two have the same, be it on one folder or on copies of it. */
  process: z.string(),
  /** How long nobody else may take the run once the checkpoint stands still. */
  ttlMs: z.int().positive(),
  /**
   * What keeps others from it: nothing but the time, or the queue's lock as well, without which its driver does not act. Older
   * checkpoints do not say it.
   */
  guard: z.enum(["time", "queue"]).default("time"),
  /** Its driver has let go of it. */
  isReleased: z.boolean(),
  /** It was let go of to wait for people, and all that they read of it was written. Older checkpoints do not say it. */
  isAtRest: z.boolean().default(false),
  /** Drivers in a row that died before the journal had grown. */
  barren: z.int().nonnegative(),
  /**
   * Refs that move ahead of the checkpoint that tells of them, where one push may move few: each with where it goes. Whoever
   * takes the run up in between would take it for a person's deed.
   */
  moving: z.record(z.string(), z.string()).default({}),
});
export type Lease = z.infer<typeof Lease>;

/** Another process has taken the run: this one stops and publishes nothing more. */
export class Fenced extends Error {
  override readonly name = "Fenced";

  constructor(run: string, options: ErrorOptions = {}) {
    super(
      `Another process drives run ${run}: its checkpoint moved. This one stops and publishes nothing more.`,
      options,
    );
  }
}

/** Who wants to drive. */
export interface Holder {
  owner: string;
  process: string;
  ttlMs: number;
  guard: Lease["guard"];
}

/** The lease of a driver that takes the run after `last`; null: nobody has driven it, or one who knew no leases. */
export function nextLease(last: Lease | null, { owner, process, ttlMs, guard }: Holder): Lease {
  return {
    epoch: (last?.epoch ?? 0) + 1,
    owner,
    process,
    ttlMs,
    guard,
    isReleased: false,
    isAtRest: false,
    barren: barrenAfter(last, process),
    moving: {},
  };
}

function barrenAfter(last: Lease | null, process: string): number {
  if (last === null || last.isReleased) return 0;
  // The same process tries again after trouble: nobody has died.
  return last.process === process ? last.barren : last.barren + 1;
}

/** Driver after driver dies before anything is finished: it is the run itself that ends them. */
export const isPoisonous = ({ barren }: Lease): boolean => barren >= limits.run.barrenDrivers;

/** Who would take a run. */
export interface Taker {
  owner: string;
  /** The queue handed it to nobody else, and whoever had it before acts no more. */
  isExclusive: boolean;
}

/** What is known of checkpoints that stand still, by this machine's own clock alone. */
export interface Watch {
  /** Milliseconds to wait before the run can be looked at again; 0 when it may be taken now. */
  waitMs(run: string, head: { commit: Oid; lease: Lease | null }, taker: Taker): number;
}

/**
 * Clocks of two machines need not agree: nobody's time stands in a lease, and whoever waits counts for himself how long the
 * checkpoint has not moved.
 */
export function openWatch(clock: Pick<Clock, "monotonic">): Watch {
  const seen = new Map<string, { commit: Oid; since: number }>();
  return {
    waitMs: (run, { commit, lease }, { owner, isExclusive }) => {
      if (lease === null || isFree(lease, { owner, isExclusive })) {
        seen.delete(run);
        return 0;
      }
      const now = clock.monotonic();
      const known = seen.get(run);
      const since = known?.commit === commit ? known.since : now;
      seen.set(run, { commit, since });
      return Math.max(0, since + lease.ttlMs - now);
    },
  };
}

const isFree = (lease: Lease, { owner, isExclusive }: Taker): boolean =>
  lease.isReleased || lease.owner === owner || (isExclusive && lease.guard === "queue");
