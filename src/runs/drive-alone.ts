// Drives a run for as long as it is this process's: takes it first, is silent once another one has it, lets go when it is stopped.

import { startDeadline } from "../agent/deadline.ts";
import { limits } from "../config/limits.ts";
import type { Hold } from "../world/queue.ts";
import type { Checkpoint } from "./checkpoint.ts";
import { type Driven, driveRun, type Driving } from "./drive.ts";
import type { House } from "./house.ts";
import { Fenced } from "./lease.ts";
import type { LiveRun } from "./live.ts";
import { openRunSite } from "./site.ts";

/** Of the time that a process has to stop in. */
const LET_GO_MS = 10_000;

/**
 * Drives a run from the checkpoint at which it was taken up; `held`: it is another process's. `stopping` is aborted when this
 * process ends, `signal` by people as well. Rejects when the run cannot be opened or its end cannot be told: then it is to be
 * tried again.
 */
export async function driveAlone(
  house: House,
  { run, checkpoint }: { run: LiveRun; checkpoint: Checkpoint | null },
  { signal, stopping, hold }: { signal: AbortSignal; stopping: AbortSignal; hold: Since },
): Promise<Driven | "held"> {
  const { clock } = house.world;
  const taken = Promise.withResolvers<number>();
  // A run that was cancelled waits as well.
  const listed = taken.promise.then((ms) => (ms > 0 ? clock.sleep(ms) : undefined));
  const site = await openRunSite(house, { run, checkpoint, listed: () => listed });
  try {
    await site.publisher.take(stopping);
    const isTakenOver = hasDied(checkpoint);
    taken.resolve(
      wasAnnouncedElsewhere(run, checkpoint)
        ? limits.publish.listsLagMs
        : isTakenOver
          ? unlistedMs(hold, clock.monotonic())
          : 0,
    );
    const driven = await driveRun(house, { run, site, isTakenOver }, signal);
    if (driven === "left") await letGo(house, { run, site });
    return driven;
  } catch (error) {
    // Whatever it led to: a driver that is not the run's any more says nothing of it.
    if (!site.publisher.isFenced()) throw error;
    house.world.log.warn({ run: run.record().id }, new Fenced(run.record().id).message);
    return "held";
  }
}

type Since = Pick<Hold, "isExclusive" | "since">;

/**
 * What the last driver made a moment ago may be in no list yet. When the queue hands a run out, whatever that driver sent under
 * its lock has arrived: the time since then counts. In milliseconds; `now` by the monotonic clock.
 */
export function unlistedMs({ isExclusive, since }: Since, now: number): number {
  const passedMs = isExclusive ? now - since : 0;
  return Math.max(0, limits.publish.listsLagMs - passedMs);
}

/** Nobody knows what the last driver was about to do: it did not let go of the run. */
const hasDied = (checkpoint: Checkpoint | null): boolean =>
  checkpoint !== null && checkpoint.lease?.isReleased !== true;

/** Another process was about to make its comment while it waited. */
const wasAnnouncedElsewhere = (run: LiveRun, checkpoint: Checkpoint | null): boolean =>
  checkpoint === null && run.record().announcedAt !== null && run.comment() === null;

/** The process is being stopped: whoever goes on need not wait, on whichever machine. */
async function letGo(house: House, { run, site }: Driving): Promise<void> {
  const { clock, log } = house.world;
  const late = { ms: LET_GO_MS, reason: new Error("A run could not be let go of in time.") };
  using time = startDeadline(clock, late, new AbortController().signal);
  try {
    await site.publisher.release(time.signal);
  } catch (error) {
    if (site.publisher.isFenced()) throw error;
    const consequence = "a run could not be let go of; other machines wait until its lease is over";
    log.warn({ run: run.record().id, error }, consequence);
  }
}
