// Work that goes on after its webhook was answered: counted, one at a time for one comment, waited for at the end.

import { limits } from "../config/limits.ts";
import type { Clock } from "../world/clock.ts";

export interface InFlight {
  /** Work under way or waiting. */
  size(): number;
  /** Takes a delivery in. While any is, work that was not begun yet stands back, for a moment at most. */
  takeIn<T>(taking: () => Promise<T>): Promise<T>;
  /** Starts `work`, after earlier work with the same key. `work` must not reject. */
  add(key: string, work: () => Promise<void>): void;
  /** Resolves to true when nothing is left, to false when `deadlineMs` passed before. */
  drain(deadlineMs: number): Promise<boolean>;
}

export function createInFlight(clock: Pick<Clock, "sleep">): InFlight {
  const last = new Map<string, Promise<void>>();
  const door = openDoor(clock);
  let size = 0;
  return {
    size: () => size,
    takeIn: door.takeIn,
    add(key, work) {
      size += 1;
      const before = last.get(key) ?? Promise.resolve();
      const mine = before
        .then(door.quiet)
        .then(work)
        .finally(() => {
          size -= 1;
          if (last.get(key) === mine) last.delete(key);
        });
      last.set(key, mine);
    },
    async drain(deadlineMs) {
      const over = new AbortController();
      const late = clock.sleep(deadlineMs, over.signal).then(
        () => false,
        () => false,
      );
      const done = settled(last).then(() => true);
      return Promise.race([done, late]).finally(() => over.abort());
    },
  };
}

/** Whoever answers first and works later answers many at once in time. */
function openDoor(clock: Pick<Clock, "sleep">) {
  let taking = 0;
  let free = Promise.withResolvers<void>();
  return {
    takeIn: async <T>(take: () => Promise<T>): Promise<T> => {
      taking += 1;
      try {
        return await take();
      } finally {
        taking -= 1;
        if (taking === 0) {
          free.resolve();
          free = Promise.withResolvers<void>();
        }
      }
    },
    /** Resolves when nothing is being taken in, and not much later when something always is. */
    quiet: async (): Promise<void> => {
      if (taking === 0) return;
      const over = new AbortController();
      const late = clock.sleep(limits.web.standBackMs, over.signal).catch(() => undefined);
      await Promise.race([free.promise, late]);
      over.abort();
    },
  };
}

/** Work may bring more work of its key, so the last ones are looked up again until there are none. */
async function settled(last: ReadonlyMap<string, Promise<void>>): Promise<void> {
  while (last.size > 0) await Promise.all(last.values());
}
