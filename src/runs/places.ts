// Which place a run has in the queue, and which runs come before it. Pure.

import type { QueueEntry, QueueLimits, Wake } from "../world/queue.ts";
import { hasPlaceFor, isGuestBeside, roomBeside } from "../world/room.ts";

/** Where a run waits. */
export interface Place {
  /** 1 is the one that begins next. */
  number: number;
  /** Those at work, then those that wait before it. */
  behind: readonly QueueEntry[];
}

/** Null for a run that does not wait for a place: it is driven, it sleeps, or the queue does not know it. */
export function placeOf(entries: readonly QueueEntry[], run: string): Place | null {
  const waiting = entries.filter(({ state }) => state === "waiting");
  const before = waiting.findIndex((entry) => entry.run === run);
  return before === -1 ? null : placeBehind(entries, waiting.slice(0, before));
}

/**
 * The place of a run that is about to be added; null when it can begin at once. Where several processes take runs there may be
 * more places than `limits` says: then it begins before it was said to.
 */
export function placeFor(
  wake: Wake,
  { entries, limits }: { entries: readonly QueueEntry[]; limits: QueueLimits },
): Place | null {
  if (entries.some(({ run }) => run === wake.run)) return placeOf(entries, wake.run);
  const driven = entries.filter(({ state }) => state === "driven");
  const { installationId } = wake.repository;
  const who = { installationId, isGuest: isGuestBeside(driven, wake) };
  const taken = driven.map(({ repository }) => repository.installationId);
  if (hasPlaceFor(who, taken, limits) && roomBeside(driven, limits)(wake)) return null;
  return placeBehind(
    entries,
    entries.filter(({ state }) => state === "waiting"),
  );
}

const placeBehind = (entries: readonly QueueEntry[], before: readonly QueueEntry[]): Place => ({
  number: before.length + 1,
  behind: [...entries.filter(({ state }) => state === "driven"), ...before],
});
