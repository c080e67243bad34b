// What follows from an error of the provider: who waits, how long, and whether it is tried again. Pure.

import type { ModelError } from "../agent/model.ts";

const FIRST_WAIT_MS = 2000;
const LONGEST_WAIT_MS = 60_000;
/** Cuts and stalls concern one turn: beyond this many it is the turn and not the line. */
const BROKEN_TRIES = 8;
/** An account that is held is looked at again this often. */
const HELD_MS = 10 * 60_000;

export type Remedy =
  /** No turn of this model goes out before the wait is over, and then one alone. */
  | { kind: "cool"; ms: number; message: string | null }
  /** This turn waits by itself. */
  | { kind: "again"; ms: number }
  /** Nobody is helped by another try. */
  | { kind: "give-up" };

/** What is known when a turn failed. */
export interface Failures {
  /** Refusals of this model in a row, this one included. */
  refusals: number;
  /** Times this very turn broke on its way, this one included. */
  broken: number;
}

/** `random` is from 0 up to 1: turns that failed together do not come back together. */
export function remedyFor(
  error: ModelError,
  { refusals, broken }: Failures,
  random: () => number,
): Remedy {
  const backOffMs = (times: number): number =>
    Math.floor(random() * Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** (times - 1)));
  switch (error.kind) {
    case "rate-limit":
    case "overloaded": {
      const askedMs = error.retryAfterMs ?? FIRST_WAIT_MS;
      return { kind: "cool", ms: askedMs + backOffMs(refusals), message: error.message };
    }
    case "spend-cap":
    case "authentication":
      return { kind: "cool", ms: HELD_MS, message: error.message };
    case "network":
    case "stalled":
      return broken < BROKEN_TRIES ? { kind: "again", ms: backOffMs(broken) } : { kind: "give-up" };
    case "invalid-request":
    case "context-too-long":
    case "agent-cap":
      return { kind: "give-up" };
  }
}
