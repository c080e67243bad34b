// How far apart things of one kind must start. Pure.

/** At least `gapMs` between two starts, and at most `count` starts in any `perMs`. */
export interface Pace {
  gapMs: number;
  windows: readonly { count: number; perMs: number }[];
}

/** When the next may start, in milliseconds since 1970; `starts` are the earlier ones, oldest first. */
export function nextStart(starts: readonly number[], pace: Pace, now: number): number {
  const last = starts.at(-1);
  const afterGap = last === undefined ? now : last + pace.gapMs;
  const afterWindows = pace.windows.map(({ count, perMs }) => {
    const first = starts.at(-count);
    return starts.length < count || first === undefined ? now : first + perMs;
  });
  return Math.max(now, afterGap, ...afterWindows);
}

/** How many of the last starts can hold up the next one. */
export const remembered = ({ windows }: Pace): number =>
  Math.max(1, ...windows.map(({ count }) => count));

/** The longest time for which a start can hold up the next one, in milliseconds. */
export const spanMs = ({ gapMs, windows }: Pace): number =>
  Math.max(gapMs, ...windows.map(({ perMs }) => perMs));

/** What one process may do of it while nobody knows of the others. */
export const AWAY_PART = 4;

/** The same pace for a process that cannot ask the others: a fourth of it. */
export const alonePace = ({ gapMs, windows }: Pace): Pace => ({
  gapMs: gapMs * AWAY_PART,
  windows: windows.map(({ count, perMs }) =>
    count < AWAY_PART
      ? { count: 1, perMs: (perMs * AWAY_PART) / count }
      : { count: Math.floor(count / AWAY_PART), perMs },
  ),
});
