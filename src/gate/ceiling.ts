// How many turns may be with the provider at once, found by trying: up by successes, down by refusals. Pure.

/** Half of what the smallest key takes (about 139 turns of 25 s), so that a fresh key is not stormed. */
const FIRST = 64;
const MOST = 1000;
/** Growth for each `ceiling` successes once a refusal has shown where the limit is; before that every success counts. */
const GROWTH = 4;
const CUT = 0.7;
/** Refusals that arrive together are one piece of news. */
const CUT_EVERY_MS = 5000;

export class Ceiling {
  #value = FIRST;
  #cutAt = Number.NEGATIVE_INFINITY;

  get value(): number {
    return Math.floor(this.#value);
  }

  /** `inFlight` counts the turn that just succeeded. */
  succeeded(inFlight: number): void {
    if (inFlight * 2 < this.#value) return;
    const wasRefused = this.#cutAt !== Number.NEGATIVE_INFINITY;
    this.#value = Math.min(MOST, this.#value + (wasRefused ? GROWTH / this.#value : 1));
  }

  refused(now: number): void {
    if (now - this.#cutAt < CUT_EVERY_MS) return;
    this.#cutAt = now;
    this.#value = Math.max(1, this.#value * CUT);
  }
}
