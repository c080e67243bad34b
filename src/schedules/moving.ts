// Which repositories are worth asking for their runs: where several processes are, each of them costs a request.

import { limits } from "../config/limits.ts";
import type { World } from "../world.ts";
import type { Seen } from "./seen.ts";

/** The repositories of which a run is in the queue; null where it cannot be asked, and where runs are known without asking. */
export type Moving = ReadonlySet<number> | null;

/** Never rejects: what fails is logged. */
export async function movingNow({
  queue,
  log,
}: Pick<World, "log"> & { queue: Pick<World["queue"], "entries"> }): Promise<Moving> {
  try {
    return new Set((await queue.entries()).map(({ repository }) => repository.repositoryId));
  } catch (err) {
    log.warn({ err }, "the queue does not say which runs move; each repository is asked instead");
    return null;
  }
}

/** What was known of a repository when its runs were asked for. */
export interface Asked {
  repositoryId: number;
  seen: Seen;
  /** In milliseconds since 1970. */
  askedAt: number;
  /** Whether one of its runs was in the queue then. */
  wasMoving: boolean;
}

/**
 * Asks nobody. Runs are asked for while one of them is in the queue, once after that, while one is expected or to be told, and now
 * and then: never where no schedule and no dashboard would tell of them.
 */
export function mayHaveMoved(
  { repositoryId, seen, askedAt, wasMoving }: Asked,
  moving: Moving,
  now: number,
): boolean {
  if (seen.schedules.length === 0 && !seen.hasBoard) return false;
  if (moving === null || moving.has(repositoryId) || wasMoving) return true;
  if (seen.schedules.some(({ current, hasNews }) => current !== null || hasNews)) return true;
  return now >= askedAt + limits.schedule.askMs;
}
