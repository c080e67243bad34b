// Looks for runs at the start, and again until everything was seen once: trouble then must not leave a run alone. From then on
// every hour: another machine may be lost for good, with runs that this one never heard of.

import type { RepositoryRef } from "../world/forge.ts";
import { limits } from "../config/limits.ts";
import type { Clock } from "../world/clock.ts";
import type { House } from "./house.ts";
import { type Finder, lookingIn, type LookIn, takeUpForeign, takeUpKnown } from "./left-behind.ts";

const FIRST_WAIT_MS = 30_000;
const WAIT_MS_MAX = 15 * 60_000;

/** A look under way. */
export interface Looking {
  /** Resolves when the runs on this disk are known: before that, nobody can say what runs. */
  diskRead: Promise<void>;
  /** Resolves when the repositories were looked at as well; what could not be seen is looked at again later. */
  done: Promise<void>;
  /**
   * Resolves when this repository was looked at once: before that, nobody can say what runs there. A repository that cannot be
   * looked at, or takes long, keeps nobody from an answer.
   */
  seen(ref: RepositoryRef): Promise<void>;
}

/** Looks on this disk, then in every repository. Both promises reject when the disk does not even list its runs. */
export function lookAround(house: House, desk: Finder, signal: AbortSignal): Looking {
  const reading = takeUpKnown(house, desk);
  const lookIn = lookingIn(house, { ...desk, ended: new Map() });
  const first = new Map<number, Promise<boolean>>();
  const lookFirst: LookIn = (ref) => {
    const look = first.get(ref.repositoryId) ?? lookIn(ref);
    first.set(ref.repositoryId, look);
    return look;
  };
  const done = reading.then(async (isWhole) => {
    // Asking every repository takes long; what is on this disk does not wait for it.
    const repositories = await takeUpForeign(house.world.repositories(), lookFirst);
    const unseen = { disk: !isWhole, repositories };
    const later = lookAgain(house, { ...desk, lookIn }, { unseen, signal });
    later.catch((error: unknown) => {
      if (!signal.aborted) house.world.log.error({ err: error }, "looking for runs ended");
    });
  });
  const diskRead = reading.then(() => undefined);
  // Whoever waits for it hears that it failed; at the start `done` tells.
  diskRead.catch(() => undefined);
  return {
    diskRead,
    done,
    seen: async (ref) => {
      await diskRead;
      await atMost(house.world.clock, limits.publish.seenMs, lookFirst(ref));
    },
  };
}

async function atMost(clock: Clock, ms: number, work: Promise<unknown>): Promise<void> {
  const over = new AbortController();
  const late = clock.sleep(ms, over.signal).catch(() => undefined);
  await Promise.race([work, late]).finally(() => over.abort());
}

interface Unseen {
  disk: boolean;
  repositories: readonly RepositoryRef[];
}

async function lookAgain(
  house: House,
  { lookIn, ...desk }: Finder & { lookIn: LookIn },
  { unseen, signal }: { unseen: Unseen; signal: AbortSignal },
): Promise<void> {
  let { disk, repositories } = unseen;
  for (let waitMs = FIRST_WAIT_MS; disk || repositories.length > 0; waitMs *= 2) {
    await house.world.clock.sleep(Math.min(waitMs, WAIT_MS_MAX), signal);
    if (disk) disk = !(await takeUpKnown(house, desk));
    repositories = await takeUpForeign(repositories, lookIn);
  }
  for (;;) {
    await house.world.clock.sleep(limits.publish.othersMs, signal);
    await lookForLost(house, lookIn);
  }
}

/** What cannot be looked at now is when the next hour is over. */
async function lookForLost(house: House, lookIn: LookIn): Promise<void> {
  try {
    await takeUpForeign(house.world.repositories(), lookIn);
  } catch (error) {
    house.world.log.warn({ err: error }, "could not look for runs that other machines left");
  }
}
