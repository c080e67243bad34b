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

/** The last turn of one urgency that was served, and the installations that had theirs in it. */
export interface Round {
  turn: number;
  had: readonly number[];
}

/** Rounds only rise while anything of their urgency is queued: see `roundsOf`. */
export type Rounds = Readonly<Partial<Record<Urgency, Round>>>;

/** What is in the queue, and what was served of it. */
export interface Served {
  queued: readonly Turn[];
  rounds: Rounds;
}

/** Turns of one urgency; BullMQ takes priorities up to 2,097,151. From the last one on, who comes first is served first. */
const SPAN = 600_000;

/**
 * The turn of a run that is added now: behind its own installation's earlier runs, also behind one that was served in this
 * round, and level with the first ones of others. Counted from the round that is being served, so that nobody who comes later
 * again and again keeps the last of many waiting.
 */
export function turnFor(
  { repository: { installationId } }: Wake,
  urgency: Urgency,
  { queued, rounds }: Served,
): number {
  const floor = urgencies.indexOf(urgency) * SPAN + 1;
  const level = queued.filter(({ turn }) => urgencyOf(turn) === urgency);
  const own = level.filter(({ wake }) => wake.repository.installationId === installationId);
  const now = rounds[urgency] ?? { turn: firstServed(level) ?? floor, had: [] };
  const next = now.had.includes(installationId) ? now.turn + 1 : now.turn;
  return Math.min(Math.max(next, ...own.map(({ turn }) => turn + 1)), floor + SPAN - 2);
}

/** For a queue of which nobody kept the rounds. */
function firstServed(level: readonly Turn[]): number | null {
  const served = level.filter(({ isDriven }) => isDriven).map(({ turn }) => turn);
  return served.length === 0 ? null : Math.min(...served);
}

/** The rounds after a run was handed out; the same object where that changes none. */
export function roundsAfter(rounds: Rounds, { wake, turn }: Pick<Turn, "wake" | "turn">): Rounds {
  const urgency = urgencyOf(turn);
  if (urgency === undefined) return rounds;
  const { installationId } = wake.repository;
  const { turn: now, had } = rounds[urgency] ?? { turn: 0, had: [] };
  if (turn < now || (turn === now && had.includes(installationId))) return rounds;
  const others = turn === now ? had : [];
  return { ...rounds, [urgency]: { turn, had: [...others, installationId] } };
}

/** Where nothing of an urgency is queued, its rounds begin anew; the same object where that is so of none. */
export function roundsOf(rounds: Rounds, queued: readonly Turn[]): Rounds {
  const busy = new Set(queued.map(({ turn }) => urgencyOf(turn)));
  const kept = urgencies.filter((urgency) => rounds[urgency] !== undefined && busy.has(urgency));
  if (kept.length === Object.keys(rounds).length) return rounds;
  return Object.fromEntries(kept.map((urgency) => [urgency, rounds[urgency]]));
}

const urgencyOf = (turn: number): Urgency | undefined => urgencies[Math.floor(turn / SPAN)];

/** In the order of their turns; of equal ones, the one that came first. */
export const byTurn = <Each extends Turn>(turns: readonly Each[]): Each[] =>
  turns.toSorted((one, other) => one.turn - other.turn);
