// Starts of all processes, on their board; a part of them where the board is away.

import { type Board, BoardAway } from "../world/board.ts";
import type { Clock } from "../world/clock.ts";
import type { OwnStarts } from "./own-starts.ts";
import { alonePace, type Pace, spanMs } from "./pace.ts";
import type { Booked, Starts, Wish } from "./starts.ts";
import { type Entry, heldFor, LEASE_MS, read, take, without, withStarts } from "./starts-entry.ts";

/** A start that was booked together with others: by the board's clock, and by ours. */
interface Spare {
  start: number;
  at: number;
}

export class SharedStarts implements Starts {
  readonly #board: Board;
  readonly #clock: Clock;
  /** Knows of this process's starts only, for when the board is away. */
  readonly #alone: OwnStarts;
  readonly #spares = new Map<string, Spare[]>();
  readonly #askedAt = new Map<string, number>();

  constructor(board: Board, clock: Clock, alone: OwnStarts) {
    this.#board = board;
    this.#clock = clock;
    this.#alone = alone;
  }

  async book(key: string, wish: Wish): Promise<Booked> {
    const now = this.#clock.now();
    const usable = (this.#spares.get(key) ?? []).filter(({ at }) => now - at < LEASE_MS);
    const first = usable.shift();
    this.#spares.set(key, usable);
    if (first !== undefined) return this.#booked(key, wish, first);
    const isBusy = now - (this.#askedAt.get(key) ?? Number.NEGATIVE_INFINITY) < LEASE_MS;
    this.#askedAt.set(key, now);
    const count = isBusy ? (wish.together ?? 1) : 1;
    try {
      return await this.#ask(key, wish, count);
    } catch (error) {
      if (!(error instanceof BoardAway)) throw error;
      return await this.#alone.book(key, { ...wish, pace: alonePace(wish.pace) });
    }
  }

  async #ask(key: string, wish: Wish, count: number): Promise<Booked> {
    const taken = await this.#board.change(
      keyOf(key),
      (text, at) => {
        const { entry, ...answer } = take(read(text), { ...wish, count, now: at });
        return { text: entry === null ? null : JSON.stringify(entry), answer };
      },
      keptFor(wish.pace),
    );
    const now = this.#clock.now();
    const [first, ...rest] = taken.waitsMs.map((ms, index) => ({
      start: taken.starts[index] ?? 0,
      at: now + ms,
    }));
    this.#spares.set(key, [...(this.#spares.get(key) ?? []), ...rest]);
    const { heldMs } = taken;
    if (first === undefined)
      return { waitMs: taken.waitMs, isBooked: false, heldMs, giveBack: () => {} };
    return { ...this.#booked(key, wish, first), heldMs };
  }

  #booked(key: string, { pace }: Wish, { start, at }: Spare): Booked {
    const giveBack = (): void => this.#change(key, pace, (entry) => without(entry, [start]));
    const waitMs = Math.max(0, at - this.#clock.now());
    this.#alone.note(key, pace);
    return { waitMs, isBooked: true, heldMs: 0, giveBack };
  }

  note(key: string, pace: Pace): void {
    this.#alone.note(key, pace);
    this.#change(key, pace, (entry, now) => withStarts(entry, pace, [now]));
  }

  hold(key: string, ms: number): void {
    this.#alone.hold(key, ms);
    this.#spares.delete(key);
    const pace = { gapMs: ms, windows: [] };
    this.#change(key, pace, (entry, now) => heldFor(entry, now + ms));
  }

  async heldMs(key: string): Promise<number> {
    const look = (text: string | null, now: number) => ({
      text: null,
      answer: Math.max(0, read(text).heldUntil - now),
    });
    try {
      return await this.#board.change(keyOf(key), look, { keepMs: LEASE_MS });
    } catch {
      return await this.#alone.heldMs(key);
    }
  }

  /** Said to whoever asks next; where the board is away, to this process alone. */
  #change(key: string, pace: Pace, change: (entry: Entry, now: number) => Entry): void {
    const changed = this.#board.change(
      keyOf(key),
      (text, now) => ({ text: JSON.stringify(change(read(text), now)), answer: null }),
      keptFor(pace),
    );
    changed.catch(() => undefined);
  }
}

const keyOf = (key: string): string => `starts/${key}`;
/** Also while a hold of an hour lasts, GitHub's longest. */
const HOLD_MS = 3_600_000;
const keptFor = (pace: Pace) => ({ keepMs: spanMs(pace) + HOLD_MS });
