// How many broken turns may be asked again by themselves: beyond that it is the line that is broken, and everybody waits. Pure.

/** Of the turns that succeed, this share may be asked again: what a healthy line loses is far below it. */
const SHARE = 0.1;
/** So many at least, however quiet it was, and they come back within a minute. */
const LEAST = 10;
/** What a busy line may save up. */
const MOST = 50;
const MINUTE_MS = 60_000;

export class RetryBudget {
  #left = LEAST;
  #at = Number.NEGATIVE_INFINITY;

  succeeded(): void {
    this.#left = Math.min(MOST, this.#left + SHARE);
  }

  /** False when the budget is used up. */
  take(now: number): boolean {
    const refilled = Math.min(LEAST, this.#left + ((now - this.#at) / MINUTE_MS) * LEAST);
    if (this.#at !== Number.NEGATIVE_INFINITY) this.#left = Math.max(this.#left, refilled);
    this.#at = now;
    if (this.#left < 1) return false;
    this.#left -= 1;
    return true;
  }
}
