// Starts of one process, in its memory.

import type { Clock } from "../world/clock.ts";
import { nextStart, type Pace } from "./pace.ts";
import type { Booked, Starts, Wish } from "./starts.ts";
import { type Entry, heldFor, nothing, without, withStarts } from "./starts-entry.ts";

export class OwnStarts implements Starts {
  readonly #clock: Clock;
  readonly #entries = new Map<string, Entry>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  async book(key: string, { pace, mostMs }: Wish): Promise<Booked> {
    const now = this.#clock.now();
    const entry = this.#entries.get(key) ?? nothing;
    const start = Math.max(nextStart(entry.starts, pace, now), entry.heldUntil);
    const isBooked = start - now <= mostMs;
    if (isBooked) this.#entries.set(key, withStarts(entry, pace, [start]));
    const giveBack = (): void => this.#change(key, (each) => without(each, [start]));
    return { waitMs: start - now, isBooked, heldMs: Math.max(0, entry.heldUntil - now), giveBack };
  }

  note(key: string, pace: Pace): void {
    this.#change(key, (entry) => withStarts(entry, pace, [this.#clock.now()]));
  }

  hold(key: string, ms: number): void {
    this.#change(key, (entry) => heldFor(entry, this.#clock.now() + ms));
  }

  async heldMs(key: string): Promise<number> {
    return Math.max(0, (this.#entries.get(key)?.heldUntil ?? 0) - this.#clock.now());
  }

  #change(key: string, change: (entry: Entry) => Entry): void {
    this.#entries.set(key, change(this.#entries.get(key) ?? nothing));
  }
}
