// Work that goes on after its webhook was answered: counted, one at a time for one comment, waited for at the end.

import type { Clock } from "../world/clock.ts";

export interface InFlight {
  /** Work under way or waiting. */
  size(): number;
  /** Starts `work`, after earlier work with the same key. `work` must not reject. */
  add(key: string, work: () => Promise<void>): void;
  /** Resolves to true when nothing is left, to false when `deadlineMs` passed before. */
  drain(deadlineMs: number): Promise<boolean>;
}

export function createInFlight(clock: Pick<Clock, "sleep">): InFlight {
  const last = new Map<string, Promise<void>>();
  let size = 0;
  return {
    size: () => size,
    add(key, work) {
      size += 1;
      const mine = (last.get(key) ?? Promise.resolve()).then(work).finally(() => {
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

/** Work may bring more work of its key, so the last ones are looked up again until there are none. */
async function settled(last: ReadonlyMap<string, Promise<void>>): Promise<void> {
  while (last.size > 0) await Promise.all(last.values());
}
