// Counts what may happen only so often in an hour.

export interface Tally {
  /** Counts one for `key` and says whether it is still within the limit. */
  admits(key: string): boolean;
}

const hourMs = 60 * 60 * 1000;

/** A count for each key that starts anew an hour after its first. `now` in milliseconds. */
export function createTally({ perHour, now }: { perHour: number; now: () => number }): Tally {
  const windows = new Map<string, { since: number; count: number }>();
  return {
    admits(key) {
      const known = windows.get(key);
      const current = known !== undefined && now() - known.since < hourMs ? known : null;
      const next = { since: current?.since ?? now(), count: (current?.count ?? 0) + 1 };
      windows.set(key, next);
      return next.count <= perHour;
    },
  };
}
