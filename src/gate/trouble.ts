// What follows from an error of the provider: who waits, how long, and whether it is tried again. Pure.

import type { ModelError } from "../agent/model.ts";

const FIRST_WAIT_MS = 2000;
const LONGEST_WAIT_MS = 60_000;
/** Where a limit names no time: one turn finds out, and waits for twice as long each time. */
const UNTIMED_WAIT_MS = 10_000;
/** Cuts and stalls concern one turn: beyond this many it is the turn and not the line. */
const BROKEN_TRIES = 8;
/** A line that breaks every turn is tried again so soon. */
export const RATIONED_MS = 5_000;
/** An account that is held is looked at again so soon, and later and later up to the second. */
const FIRST_LOOK_MS = 10 * 60_000;
const LONGEST_LOOK_MS = 60 * 60_000;

export type Remedy =
  /** No turn of this model goes out before the wait is over, and then one alone. */
  | { kind: "cool"; ms: number; message: string | null }
  /** This turn waits by itself. */
  | { kind: "again"; ms: number }
  /** The account is held: nobody is served until then, and everybody who waits is told. */
  | { kind: "held"; ms: number }
  /** Nobody is helped by another try. */
  | { kind: "give-up" };

/** A refusal that all turns of its model wait for, and how many there were in a row. */
export interface Refused {
  ms: number;
  message: string | null;
  refusals: number;
  now: number;
}

/** What is known when a turn failed. */
export interface Failures {
  /** Refusals of this model in a row, this one included. */
  refusals: number;
  /** Times in a row that the account was found held, this one included. */
  holds: number;
  /** Times this very turn broke on its way, this one included. */
  broken: number;
  /** Its answer had begun: what broke is this turn, and not the way to the provider. */
  hadBegun: boolean;
}

/** `random` is from 0 up to 1: turns that failed together do not come back together. */
export function remedyFor(
  error: ModelError,
  { refusals, holds, broken, hadBegun }: Failures,
  random: () => number,
): Remedy {
  const backOffMs = (times: number): number =>
    Math.floor(random() * Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** (times - 1)));
  switch (error.kind) {
    case "rate-limit": {
      const untimedMs = Math.min(LONGEST_WAIT_MS, UNTIMED_WAIT_MS * 2 ** (refusals - 1));
      const ms = (error.retryAfterMs ?? untimedMs) + backOffMs(refusals);
      return { kind: "cool", ms, message: error.message };
    }
    case "overloaded": {
      const ms = (error.retryAfterMs ?? FIRST_WAIT_MS) + backOffMs(refusals);
      return { kind: "cool", ms, message: error.message };
    }
    case "spend-cap":
    case "authentication":
      return { kind: "held", ms: Math.min(LONGEST_LOOK_MS, FIRST_LOOK_MS * 2 ** (holds - 1)) };
    case "network":
      if (!hadBegun) {
        return { kind: "cool", ms: FIRST_WAIT_MS + backOffMs(refusals), message: error.message };
      }
      return again();
    case "stalled":
      return again();
    case "invalid-request":
    case "context-too-long":
    case "agent-cap":
      return { kind: "give-up" };
  }

  function again(): Remedy {
    return broken < BROKEN_TRIES ? { kind: "again", ms: backOffMs(broken) } : { kind: "give-up" };
  }
}

/** Trouble that lasts longer than this is no wait any more: whoever meets it then is told. */
const TROUBLE_MS_MAX = 24 * 60 * 60_000;

/** Refusals of one model in a row, and since when there has been nothing else. */
export class Refusals {
  #count = 0;
  #since: number | null = null;

  /** With one more; those that come together are one. */
  with(isNew: boolean): number {
    return this.#count + (isNew ? 1 : 0);
  }

  note(count: number, now: number): void {
    this.#count = count;
    this.#since ??= now;
  }

  isHopeless(now: number): boolean {
    return this.#since !== null && now - this.#since > TROUBLE_MS_MAX;
  }

  end(): void {
    this.#count = 0;
    this.#since = null;
  }
}
