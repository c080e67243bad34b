// Whether there is a place for one run more beside those that are driven. Pure.

import type { QueueLimits, Wake } from "./queue.ts";

/** Says of a run whether it may be driven beside those, counted once for all that are asked about. */
export function roomBeside(
  driven: readonly Wake[],
  { perRepository, perInstallation }: QueueLimits,
): (wake: Wake) => boolean {
  const repositories = countBy(driven, ({ repository }) => repository.repositoryId);
  const installations = countBy(driven, ({ repository }) => repository.installationId);
  return ({ repository: { repositoryId, installationId } }) =>
    (repositories.get(repositoryId) ?? 0) < perRepository &&
    (installations.get(installationId) ?? 0) < perInstallation;
}

/** Nothing of its installation is driven: it may have a place that is kept for such. */
export const isGuestBeside = (driven: readonly Wake[], { repository }: Wake): boolean =>
  driven.every((each) => each.repository.installationId !== repository.installationId);

/** Who wants a place, and of which installations runs are driven in the places of this process: one for each run. */
export interface Comer {
  installationId: number;
  /** Nothing of its installation is driven anywhere. */
  isGuest: boolean;
}

/**
 * Whether a process has a place for it. Whoever is a guest may have any. Others have as many as there are for all, not counting
 * what the first runs of other installations take of the places that are kept for such: guests keep nobody else waiting there.
 */
export function hasPlaceFor(
  { installationId, isGuest }: Comer,
  taken: readonly number[],
  { atOnce, guests }: QueueLimits,
): boolean {
  if (isGuest && !taken.includes(installationId)) return taken.length < atOnce + guests;
  const others = new Set(taken.filter((each) => each !== installationId)).size;
  return taken.length - Math.min(guests, others) < atOnce;
}

function countBy(wakes: readonly Wake[], key: (wake: Wake) => number): Map<number, number> {
  const counts = new Map<number, number>();
  for (const wake of wakes) counts.set(key(wake), (counts.get(key(wake)) ?? 0) + 1);
  return counts;
}
