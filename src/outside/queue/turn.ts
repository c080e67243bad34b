// Whose turn it is: start-time fair queueing between installations, within how urgent something is. Pure.

import type { Urgency, Wake } from "../../world/queue.ts";
import { urgencies } from "../../world/queue.ts";

/** A run in the queue, as far as its turn goes. */
export interface Turn {
  wake: Wake;
  /** Smaller comes first; see `turnFor`. */
  turn: number;
  isDriven: boolean;
}

/** Turns of one urgency; BullMQ takes priorities up to 2,097,151. */
const SPAN = 600_000;

/**
 * The turn of a run that is added now: behind its own installation's earlier runs, and level with the first ones of others.
 * Counted from the turn that is being served, so that nobody who comes later again and again keeps the last of many waiting.
 */
export function turnFor(
  { repository: { installationId } }: Wake,
  urgency: Urgency,
  queued: readonly Turn[],
): number {
  const floor = urgencies.indexOf(urgency) * SPAN + 1;
  const level = queued.filter(({ turn }) => urgencyOf(turn) === urgency);
  const served = level.filter(({ isDriven }) => isDriven).map(({ turn }) => turn);
  const own = level.filter(({ wake }) => wake.repository.installationId === installationId);
  const now = served.length === 0 ? floor : Math.min(...served);
  return Math.min(Math.max(now, ...own.map(({ turn }) => turn + 1)), floor + SPAN - 2);
}

const urgencyOf = (turn: number): Urgency | undefined => urgencies[Math.floor(turn / SPAN)];

/** In the order of their turns; of equal ones, the one that came first. */
export const byTurn = <Each extends Turn>(turns: readonly Each[]): Each[] =>
  turns.toSorted((one, other) => one.turn - other.turn);
