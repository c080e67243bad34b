// The letters of one repository that are not answered, each read from its database once in a while.

import { z } from "zod";

import type { Clock } from "../../world/clock.ts";
import { Written } from "../../world/inbox.ts";
import type { BullQueue } from "./bull.ts";
import { namesIn } from "./known-jobs.ts";
import type { Placed } from "./letter-turn.ts";
/** What is kept of a letter. */
export const Kept = Written.extend({ order: z.number(), isAgain: z.boolean().default(false) });

export interface LetterBook {
  /** In hand, waiting or asleep. */
  of(repositoryId: number): Promise<Placed[]>;
}

/** One that is in hand is read each time. Of others only whether they come again may change, and that late. */
const KNOWN_MS = 2_000;

/** What is asked of a queue. */
export interface Asked {
  getRanges: BullQueue["getRanges"];
  getJob(id: string): Promise<{ data: unknown } | undefined>;
}

/** A letter is named by its repository, so that none of another one is read. */
export function createLetterBook(queue: Asked, clock: Pick<Clock, "monotonic">): LetterBook {
  let known: ReadonlyMap<string, Read> = new Map();
  return {
    of: async (repositoryId) => {
      const { ids, driven } = await namesIn(queue, Infinity);
      const own = ids.filter((id) => id.startsWith(`${repositoryId}-`));
      const now = clock.monotonic();
      const read = await Promise.all(
        own.map(async (id): Promise<Read[]> => {
          const before = driven.has(id) ? undefined : known.get(id);
          if (before !== undefined && now - before.readAt < KNOWN_MS) return [before];
          const { data } = Kept.safeParse((await queue.getJob(id))?.data);
          if (data === undefined) return [];
          return [{ id, order: data.order, isAgain: data.isAgain, readAt: now }];
        }),
      );
      const present = new Set(ids);
      const others = [...known.values()].filter(({ id }) => present.has(id));
      known = new Map([...others, ...read.flat()].map((one) => [one.id, one]));
      return read.flat().map((one) => ({ ...one, isActive: driven.has(one.id) }));
    },
  };
}

interface Read extends Omit<Placed, "isActive"> {
  /** By the monotonic clock. */
  readAt: number;
}
