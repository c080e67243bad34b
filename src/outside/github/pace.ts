// Spaces out what GitHub wants spaced out, per installation, and says at once when the wait would be too long.
// Sliding windows instead of Bottleneck's reservoirs: the length of a wait must be known before it begins.

import type { Clock } from "../../world/clock.ts";
import { ForgeError, type Held } from "../../world/forge.ts";
import { holdMs } from "./limits.ts";

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

export interface Pacer {
  /** Resolves when this installation may start one more; rejects with `limited` when that is too far away. */
  wait(id: string): Promise<void>;
  /** GitHub told us to slow down: nothing starts for `ms`, or longer when it keeps telling. */
  hold(id: string, ms: number): void;
  /** What GitHub told us to wait with, while that lasts. */
  held(id: string): Held | null;
}

export interface PacerOptions {
  pace: Pace;
  clock: Clock;
  /** Longest wait, in milliseconds. */
  patienceMs: number;
  /** What is paced, for the error's sentence, e.g. "creating content". */
  what: string;
}

interface Lane {
  starts: number[];
  heldUntil: number;
  askedMs: number;
  holds: number;
}

/** Opens a pacer; lanes are made on first use, one per installation. */
export function createPacer(options: PacerOptions): Pacer {
  const lanes = new Map<string, Lane>();
  const lane = (id: string): Lane => {
    const known = lanes.get(id) ?? { starts: [], heldUntil: 0, askedMs: 0, holds: 0 };
    lanes.set(id, known);
    return known;
  };
  return {
    wait: (id) => wait(lane(id), options),
    hold: (id, ms) => hold(lane(id), { now: options.clock.now(), ms }),
    held: (id) => {
      const { heldUntil: until, askedMs } = lane(id);
      return options.clock.now() < until ? { what: options.what, askedMs, until } : null;
    },
  };
}

async function wait(lane: Lane, options: PacerOptions): Promise<void> {
  const { pace, clock } = options;
  const start = Math.max(nextStart(lane.starts, pace, clock.now()), lane.heldUntil);
  refuseLongWait(start - clock.now(), options);
  const kept = Math.max(1, ...pace.windows.map((window) => window.count));
  lane.starts = [...lane.starts, start].slice(-kept);
  while (clock.now() < Math.max(start, lane.heldUntil)) {
    const leftMs = Math.max(start, lane.heldUntil) - clock.now();
    refuseLongWait(leftMs, options);
    await clock.sleep(leftMs);
  }
}

function refuseLongWait(leftMs: number, { patienceMs, what }: PacerOptions): void {
  if (leftMs <= patienceMs) return;
  const minutes = Math.ceil(leftMs / 60_000);
  throw new ForgeError(
    "limited",
    `GitHub limits ${what}; the next one is due in ${minutes} min. Nothing was sent. Try again then.`,
    { retryAfterMs: leftMs },
  );
}

function hold(lane: Lane, { now, ms }: { now: number; ms: number }): void {
  // Several requests in flight hit the same limit; together they are one telling.
  const again = now >= lane.heldUntil;
  const forgotten = now - lane.heldUntil > holdMs.most;
  if (again) lane.holds = forgotten ? 1 : lane.holds + 1;
  const ownMs = Math.min(holdMs.most, holdMs.least * 2 ** (Math.max(1, lane.holds) - 1));
  lane.askedMs = ms;
  lane.heldUntil = Math.max(lane.heldUntil, now + Math.max(ms, ownMs));
}
