// Chance that comes out the same every time: a stream of numbers from a text.

import { createHash } from "node:crypto";

/** A stream of choices. */
export interface Seeded {
  /** A whole number from `low` to `high`, both included. */
  between: (low: number, high: number) => number;
  /** One of a list that is not empty. */
  pick: <Item>(items: readonly [Item, ...Item[]]) => Item;
  /** A few letters and digits that hardly ever come twice. */
  token: () => string;
}

/** The stream for a text: equal texts, equal streams. */
export function seeded(text: string): Seeded {
  const digest = createHash("sha256").update(text).digest();
  let state = digest.readUInt32LE(0);
  // Mulberry32: small, and good enough for what nobody bets on.
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const between = (low: number, high: number): number =>
    low + Math.floor(next() * (Math.max(low, high) - low + 1));
  return {
    between,
    pick: (items) => items[between(0, items.length - 1)] ?? items[0],
    token: () => between(36 ** 3, 36 ** 4 - 1).toString(36),
  };
}
