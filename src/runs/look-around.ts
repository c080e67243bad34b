// Looks for runs at the start, and again until everything was seen once: trouble then must not leave a run alone. From then on
// every hour: another machine may be lost for good, with runs that this one never heard of.

import type { RepositoryRef } from "../world/forge.ts";
import { limits } from "../config/limits.ts";
import type { House } from "./house.ts";
import { type Finder, type Seeker, takeUpForeign, takeUpKnown } from "./left-behind.ts";

const FIRST_WAIT_MS = 30_000;
const WAIT_MS_MAX = 15 * 60_000;

/** A look under way. */
export interface Looking {
  /** Resolves when the runs on this disk are known: before that, nobody can say what runs. */
  diskRead: Promise<void>;
  /** Resolves when the repositories were looked at as well; what could not be seen is looked at again later. */
  done: Promise<void>;
}

/** Looks on this disk, then in every repository. Both promises reject when the disk does not even list its runs. */
export function lookAround(house: House, desk: Finder, signal: AbortSignal): Looking {
  const reading = takeUpKnown(house, desk);
  const seeker: Seeker = { ...desk, ended: new Map() };
  const done = reading.then(async (isWhole) => {
    // Asking every repository takes long; what is on this disk does not wait for it.
    const repositories = await takeUpForeign(house, house.world.repositories(), seeker);
    const later = lookAgain(house, seeker, { unseen: { disk: !isWhole, repositories }, signal });
    later.catch((error: unknown) => {
      if (!signal.aborted) house.world.log.error({ err: error }, "looking for runs ended");
    });
  });
  const diskRead = reading.then(() => undefined);
  // Whoever waits for it hears that it failed; at the start `done` tells.
  diskRead.catch(() => undefined);
  return { diskRead, done };
}

interface Unseen {
  disk: boolean;
  repositories: readonly RepositoryRef[];
}

async function lookAgain(
  house: House,
  desk: Seeker,
  { unseen, signal }: { unseen: Unseen; signal: AbortSignal },
): Promise<void> {
  let { disk, repositories } = unseen;
  for (let waitMs = FIRST_WAIT_MS; disk || repositories.length > 0; waitMs *= 2) {
    await house.world.clock.sleep(Math.min(waitMs, WAIT_MS_MAX), signal);
    if (disk) disk = !(await takeUpKnown(house, desk));
    repositories = await takeUpForeign(house, repositories, desk);
  }
  for (;;) {
    await house.world.clock.sleep(limits.publish.othersMs, signal);
    await lookForLost(house, desk);
  }
}

/** What cannot be looked at now is when the next hour is over. */
async function lookForLost(house: House, desk: Seeker): Promise<void> {
  try {
    await takeUpForeign(house, house.world.repositories(), desk);
  } catch (error) {
    house.world.log.warn({ err: error }, "could not look for runs that other machines left");
  }
}
