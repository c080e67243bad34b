// Spaces out what GitHub wants spaced out, per installation, and says at once when the wait would be too long.
// Sliding windows instead of Bottleneck's reservoirs: the length of a wait must be known before it begins.

import type { Pace } from "../../quota/pace.ts";
import { openStarts, type Starts } from "../../quota/starts.ts";
import type { Clock } from "../../world/clock.ts";
import type { Held } from "../../world/forge.ts";
import { ForgeError } from "../../world/forge-error.ts";
import { holdMs } from "./limits.ts";

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
  /** Starts that other processes know of; this pacer's own unless given. */
  starts?: Starts;
  /** Starts that a busy process may book together. */
  together?: number;
}

interface Lane {
  heldUntil: number;
  askedMs: number;
  holds: number;
}

type Shared = PacerOptions & { starts: Starts; key: string };

/** What another process said is looked at again after a wait that was longer than this. */
const FRESH_MS = 2_000;

/** Opens a pacer; lanes are made on first use, one per installation. */
export function createPacer(options: PacerOptions): Pacer {
  const { starts = openStarts({ board: null, clock: options.clock }), what } = options;
  const lanes = new Map<string, Lane>();
  const lane = (id: string): Lane => {
    const known = lanes.get(id) ?? { heldUntil: 0, askedMs: 0, holds: 0 };
    lanes.set(id, known);
    return known;
  };
  const keyOf = (id: string): string => `github/${what}/${id}`;
  return {
    wait: (id) => wait(lane(id), { ...options, starts, key: keyOf(id) }),
    hold: (id, ms) => {
      const now = options.clock.now();
      hold(lane(id), { now, ms });
      starts.hold(keyOf(id), lane(id).heldUntil - now);
    },
    held: (id) => {
      const { heldUntil: until, askedMs } = lane(id);
      return options.clock.now() < until ? { what, askedMs, until } : null;
    },
  };
}

async function wait(lane: Lane, options: Shared): Promise<void> {
  const { pace, clock, starts, key, patienceMs, together = 1 } = options;
  const booked = await starts.book(key, { pace, mostMs: patienceMs, together });
  hear(lane, booked.heldMs, clock);
  if (!booked.isBooked) refuseLongWait(booked.waitMs, options);
  const start = clock.now() + booked.waitMs;
  while (clock.now() < Math.max(start, lane.heldUntil)) {
    const leftMs = Math.max(start, lane.heldUntil) - clock.now();
    refuseLongWait(leftMs, options);
    await clock.sleep(leftMs);
    if (leftMs > FRESH_MS) hear(lane, await starts.heldMs(key), clock);
  }
}

/** GitHub told another process to slow down. */
function hear(lane: Lane, heldMs: number, { now }: Clock): void {
  if (heldMs <= 0 || now() + heldMs <= lane.heldUntil) return;
  lane.heldUntil = now() + heldMs;
  lane.askedMs = heldMs;
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
