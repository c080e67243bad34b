// Starts under one pace as they stand in one entry: those made, and those booked. Pure.

import { z } from "zod";

import { nextStart, type Pace, remembered } from "./pace.ts";
import type { Wish } from "./starts.ts";

/** Oldest first, in milliseconds since 1970. */
const Entry = z.object({ starts: z.array(z.number()), heldUntil: z.number() });
export type Entry = z.infer<typeof Entry>;

export const nothing: Entry = { starts: [], heldUntil: 0 };

/** What was booked together is used so soon, or never. */
export const LEASE_MS = 2_000;

/** Unreadable is nothing: it was written by nobody of us. */
export function read(text: string | null): Entry {
  if (text === null) return nothing;
  try {
    return Entry.parse(JSON.parse(text));
  } catch {
    return nothing;
  }
}

/** Books up to `count` starts: the first where its asker would wait for it, the others where they come within a lease. */
export function take(
  entry: Entry,
  { pace, mostMs, count, now }: Wish & { count: number; now: number },
): { entry: Entry | null; starts: number[]; waitsMs: number[]; waitMs: number; heldMs: number } {
  const first = Math.max(nextStart(entry.starts, pace, now), entry.heldUntil);
  const heldMs = Math.max(0, entry.heldUntil - now);
  const waitMs = first - now;
  if (waitMs > mostMs) return { entry: null, starts: [], waitsMs: [], waitMs, heldMs };
  let after = withStarts(entry, pace, [first]);
  const starts = [first];
  while (starts.length < count) {
    const next = nextStart(after.starts, pace, first);
    if (next - now >= LEASE_MS) break;
    starts.push(next);
    after = withStarts(after, pace, [next]);
  }
  return { entry: after, starts, waitsMs: starts.map((start) => start - now), waitMs, heldMs };
}

export const withStarts = (entry: Entry, pace: Pace, starts: readonly number[]): Entry => ({
  ...entry,
  starts: [...entry.starts, ...starts]
    .toSorted((one, other) => one - other)
    .slice(-remembered(pace)),
});

export const without = (entry: Entry, starts: readonly number[]): Entry => ({
  ...entry,
  starts: entry.starts.filter((start) => !starts.includes(start)),
});

export const heldFor = (entry: Entry, until: number): Entry => ({
  ...entry,
  heldUntil: Math.max(entry.heldUntil, until),
});
