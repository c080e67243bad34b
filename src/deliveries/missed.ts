// Which deliveries never arrived, read from GitHub's log of attempts.

import type { Attempt } from "../world/deliveries.ts";

/** The kind of delivery we act on. */
export interface Kind {
  event: string;
  action: string;
}

export interface Wanted {
  kinds: readonly Kind[];
  /** Of one that arrived: whoever took it may have lost it. */
  isLost: (attempt: Attempt) => boolean;
}

/**
 * Deliveries of these kinds whose newest attempt did not arrive; oldest first, as people spoke. One that had arrived before
 * counts too: somebody asked for it again because it was lost.
 */
export function missed(attempts: readonly Attempt[], { kinds, isLost }: Wanted): Attempt[] {
  const newest = new Map<string, Attempt>();
  for (const attempt of attempts) {
    const isOurs = kinds.some(
      ({ event, action }) => attempt.event === event && attempt.action === action,
    );
    if (!isOurs) continue;
    const other = newest.get(attempt.guid);
    if (other === undefined || other.id < attempt.id) newest.set(attempt.guid, attempt);
  }
  return [...newest.values()]
    .filter((attempt) => !attempt.isDelivered || isLost(attempt))
    .toSorted((a, b) => a.at - b.at || a.id - b.id);
}
