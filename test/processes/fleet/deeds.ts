// What is done to a fleet, one thing after the other, drawn from a seed. Pure.

import { drawInt, pick } from "../../simulation/core/draw.ts";

export type Deed =
  | { kind: "kill"; worker: number; place: "the same disk" | "an empty disk" }
  /** For longer than a lock lasts. */
  | { kind: "freeze"; worker: number; forMs: number }
  /** The queue's database loses its machine and comes back on the same disk. */
  | { kind: "restart"; awayMs: number };

/** A deed and how long before it nothing is done; it begins when the one before is over. */
export type Step = Deed & { waitMs: number };

/** What comes at the n-th place, counted from 0; null: nothing more. */
export type Plan = (index: number) => Step | null;

/** Every few seconds, and yet so that a worker that was started has time to get somewhere on a busy machine. */
const WAIT_MS = [4_000, 10_000] as const;
/** A lock lasts for 8 s. */
const FREEZE_MS = [9_000, 15_000] as const;
const AWAY_MS = [200, 4_000] as const;
/** Where in a series the database is restarted. */
const RESTARTS = [
  [3, 8],
  [9, 16],
] as const;

/** A series without an end: kills and freezes of workers, and two restarts among them; `slower` times as seldom as usual. */
export function drawnPlan(seed: number, workers: number, slower = 1): Plan {
  const restarts = RESTARTS.map((range, which) => drawInt(seed, `restart ${which}`, range));
  return (index) => {
    const key = `deed ${index}`;
    const waitMs = drawInt(seed, `${key} wait`, WAIT_MS) * slower;
    if (restarts.includes(index)) {
      return { kind: "restart", waitMs, awayMs: drawInt(seed, `${key} away`, AWAY_MS) };
    }
    const worker = drawInt(seed, `${key} worker`, [0, workers - 1]);
    if (drawInt(seed, `${key} kind`, [0, 1]) === 1) {
      return { kind: "freeze", waitMs, worker, forMs: drawInt(seed, `${key} for`, FREEZE_MS) };
    }
    const places = ["the same disk", "an empty disk"] as const;
    return { kind: "kill", waitMs, worker, place: pick(seed, `${key} place`, [...places]) };
  };
}

/** These and no more. */
export const planOf =
  (steps: readonly Step[]): Plan =>
  (index) =>
    steps[index] ?? null;

export function textOf(deed: Deed): string {
  if (deed.kind === "restart") return `the database away for ${deed.awayMs} ms`;
  if (deed.kind === "freeze") return `worker ${deed.worker} frozen for ${deed.forMs} ms`;
  return `worker ${deed.worker} killed, then ${deed.place}`;
}
