// What a provider does now and then beside keeping its limits, by the number of the request: each kind as the API shows it.

/** Refused with 529, refused without a time, a first byte that is late, an answer that breaks, a call that is no JSON. */
export type Trouble =
  | "overloaded"
  | "limited"
  | "slow"
  | "cut"
  | "endless"
  | "error-event"
  | "garbled";

/** Every so many requests, from the first such number on; together about 3 of 100. */
const EVERY: readonly [Trouble, number][] = [
  ["overloaded", 401],
  ["limited", 907],
  ["slow", 131],
  ["cut", 193],
  ["endless", 293],
  ["error-event", 397],
  ["garbled", 101],
];

/** A first byte that comes so late is ten times later than usual, and no stall. */
export const LATE_MS = 20_000;

/** Behind this request all is calm: what breaks at the very end makes any schedule longer by itself. */
const LAST = 1000;

/** The trouble of a request, counted from 1; null for nearly all. */
export function troubleOf(request: number): Trouble | null {
  if (request > LAST) return null;
  return EVERY.find(([, every]) => request % every === 0)?.[0] ?? null;
}
