// Which deliveries never arrived, read from GitHub's log of attempts.

import type { Attempt } from "../world/deliveries.ts";

/** The kind of delivery we act on. */
export interface Kind {
  event: string;
  action: string;
}

/** One attempt, the newest, of every delivery of this kind that no attempt brought; oldest first, as people spoke. */
export function missed(attempts: readonly Attempt[], { event, action }: Kind): Attempt[] {
  const delivered = new Set(attempts.filter((each) => each.isDelivered).map(({ guid }) => guid));
  const newest = new Map<string, Attempt>();
  for (const attempt of attempts) {
    const isOurs = attempt.event === event && attempt.action === action;
    if (!isOurs || delivered.has(attempt.guid)) continue;
    const other = newest.get(attempt.guid);
    if (other === undefined || other.id < attempt.id) newest.set(attempt.guid, attempt);
  }
  return [...newest.values()].toSorted((a, b) => a.at - b.at || a.id - b.id);
}
