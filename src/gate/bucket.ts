// A continuously refilled budget a minute, kept in step with what the provider says of it. Pure.

import type { ProviderBudget } from "../agent/model.ts";

export const MINUTE_MS = 60_000;
/** Part of a stated limit that is used: clocks and estimates differ a little. */
export const SHARE = 0.95;

/** Unlimited until the provider states a limit. */
export class Bucket {
  #capacity = Number.POSITIVE_INFINITY;
  #level = Number.POSITIVE_INFINITY;
  #at = 0;
  /** What was taken for requests that the provider has not answered, so that it does not know of them yet. */
  #unseen = 0;

  /** Milliseconds until `amount` can be taken; more than a full bucket holds counts as a full one. */
  waitMs(amount: number, now: number): number {
    if (this.#capacity === Number.POSITIVE_INFINITY) return 0;
    this.#refill(now);
    const missing = Math.min(amount, this.#capacity) - this.#level;
    return missing <= 0 ? 0 : Math.ceil((missing / this.#capacity) * MINUTE_MS);
  }

  take(amount: number, now: number): void {
    this.#refill(now);
    this.#level -= amount;
    this.#unseen += amount;
  }

  /** The provider has counted this much by itself, or never will. */
  seen(amount: number): void {
    this.#unseen -= amount;
  }

  /** It turned out to be more (above 0) or less than was taken. */
  correct(amount: number): void {
    this.#level = Math.min(this.#capacity, this.#level - amount);
  }

  /** What the provider states; of two opinions on what is left the lower one counts. */
  sync({ limit, remaining }: ProviderBudget, now: number): void {
    this.#refill(now);
    this.#capacity = limit * SHARE;
    const stated = remaining - (limit - this.#capacity) - this.#unseen;
    this.#level = Math.min(this.#level, stated, this.#capacity);
    this.#at = now;
  }

  #refill(now: number): void {
    if (this.#capacity !== Number.POSITIVE_INFINITY) {
      const gained = ((now - this.#at) / MINUTE_MS) * this.#capacity;
      this.#level = Math.min(this.#capacity, this.#level + Math.max(0, gained));
    }
    this.#at = now;
  }
}
