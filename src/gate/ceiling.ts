// How many turns may be with the provider at once, found by trying: up by successes, down by refusals. Pure.

/** Half of what the smallest key takes (about 139 turns of 25 s), so that a fresh key is not stormed. */
const FIRST = 64;
const MOST = 1000;
/** Growth for each `ceiling` successes once a refusal has shown where the limit may be; below that every success counts. */
const GROWTH = 4;
const CUT = 0.7;
/** Of where it was refused: so far it comes back fast. A single refusal in a busy hour says little about our own load. */
const BACK = 0.95;
/** Of where it was refused, when that was below the time before: the limit is nearer than it looked. */
const NEARER = (1 + CUT) / 2;
/** Refusals that arrive together are one piece of news. */
const CUT_EVERY_MS = 5000;
/** It doubles no faster: a steep rise is refused even where the limits allow it. */
const DOUBLE_MS = 10_000;

export class Ceiling {
  #value = FIRST;
  #step = { at: Number.NEGATIVE_INFINITY, from: FIRST };
  #cutAt = Number.NEGATIVE_INFINITY;
  /** Where the last refusal found it, and how far it comes back fast since then. */
  #refusedAt = Number.POSITIVE_INFINITY;
  #slowFrom = Number.POSITIVE_INFINITY;

  get value(): number {
    return Math.floor(this.#value);
  }

  /** One more turn was taken: its answer began. `inFlight` counts it. */
  taken(inFlight: number, now: number): void {
    if (inFlight * 2 < this.#value) return;
    if (now - this.#step.at >= DOUBLE_MS) this.#step = { at: now, from: this.#value };
    const isSlow = this.#value >= this.#slowFrom;
    const next = this.#value + (isSlow ? GROWTH / this.#value : 1);
    this.#value = Math.max(this.#value, Math.min(MOST, 2 * this.#step.from, next));
  }

  refused(now: number): void {
    if (now - this.#cutAt < CUT_EVERY_MS) return;
    this.#cutAt = now;
    // As in CUBIC's fast convergence (RFC 9438, 4.7): found lower than the time before, the limit has come down.
    this.#slowFrom = this.#value * (this.#value < this.#refusedAt ? NEARER : BACK);
    if (this.#refusedAt === Number.POSITIVE_INFINITY) this.#slowFrom = this.#value * BACK;
    this.#refusedAt = this.#value;
    this.#value = Math.max(1, this.#value * CUT);
  }
}
