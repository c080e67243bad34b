// An account that serves nobody until its owner does something, or a time comes.

import { ModelError } from "../agent/model.ts";

export interface Hold {
  error: ModelError;
  /** When the provider is asked again, in milliseconds since 1970. */
  until: number;
}

/** The same error for somebody else, with the time that is left until the provider is asked again. */
export function heldFor({ kind, message, cause }: ModelError, retryAfterMs: number): ModelError {
  return new ModelError(kind, message, { cause, retryAfterMs });
}

/** A turn was never sent: the account is held. */
export class HeldUp extends Error {
  override readonly name = "HeldUp";
  readonly error: ModelError;

  constructor(error: ModelError) {
    super(error.message, { cause: error });
    this.error = error;
  }
}

/** Whether the account of one lane is held, and how often in a row it was found so. */
export class Holding {
  #hold: Hold | null = null;
  #times = 0;

  /** Throws `HeldUp` while it is. */
  refuse(now: number): void {
    const leftMs = (this.#hold?.until ?? 0) - now;
    if (this.#hold !== null && leftMs > 0) throw new HeldUp(heldFor(this.#hold.error, leftMs));
  }

  /** Times in a row, with one that is found now. */
  timesWith(now: number): number {
    return this.#times + ((this.#hold?.until ?? 0) <= now ? 1 : 0);
  }

  begin(hold: Hold, times: number): void {
    this.#hold = hold;
    this.#times = times;
  }

  /** Whoever asks next finds out whether it is still held. */
  lookAgain(): void {
    if (this.#hold !== null) this.#hold.until = 0;
  }

  end(): void {
    this.#hold = null;
    this.#times = 0;
  }
}
