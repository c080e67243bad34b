// Drives what the queue of many processes hands out: found first, heard meanwhile, and never out of the queue before its end.

import { limits } from "../../config/limits.ts";
import type { Fleet } from "../../world/fleet.ts";
import type { Hold, Wake } from "../../world/queue.ts";
import { openChecksOf } from "../branch-checks.ts";
import { type Desk, drive } from "../driver.ts";
import type { LiveRun } from "../live.ts";
import { isOwed } from "../owed.ts";
import { tellUnreadable, whyUnreadable } from "../unreadable.ts";
import { find } from "./find.ts";
import { forgetHeard, hear, keepHearing } from "./hear.ts";

/** Failures, a minute apart: a thread hears of the third, and where that failed, an hour later. */
const TELLING = { first: 3, each: 60 };

/** As `drive`; null only when nothing is owed to the run any more, so that the queue knows every run that is not over. */
export async function driveShared(
  state: Desk,
  fleet: Fleet,
  { wake, hold }: { wake: Wake; hold: Hold },
): Promise<number | null> {
  const { house, handed, runs, views } = state;
  const { run: id } = wake;
  handed.add(id);
  house.world.log.info({ run: id }, "the queue handed a run to this process");
  const over = new AbortController();
  try {
    const found = await find(state, fleet, wake);
    if (found === null) {
      runs.delete(id);
      house.world.log.warn(
        { run: id },
        "the queue named a run that is nowhere any more; forgotten",
      );
      return null;
    }
    const { run, checkpoint } = found;
    runs.set(id, run);
    views.delete(id);
    await hear(state, fleet, run);
    const signal = AbortSignal.any([hold.signal, over.signal]);
    void keepHearing(state, fleet, { run, signal });
    const againMs = await drive(state, id, { hold, read: checkpoint });
    if (await isSpokenOf(state, fleet, { run, hold })) return 0;
    return isOwed(run) ? Math.min(againMs ?? Infinity, restMs(run)) : null;
  } catch (error) {
    if (hold.signal.aborted) return null;
    house.world.log.error({ run: id, error }, "a run could not be taken up and is tried again");
    await tellOf(state, wake, error);
    return limits.fleet.lookMs;
  } finally {
    over.abort(new Error("The drive is over."));
    handed.delete(id);
  }
}

/** Its thread hears of a checkpoint or a folder that nobody here can read, once it was tried often enough for a passing cause. */
async function tellOf(
  state: Desk,
  { run: id, repository: ref }: Wake,
  error: unknown,
): Promise<void> {
  if (whyUnreadable(id, error) === null) return;
  const failed = (state.failures.get(id) ?? 0) + 1;
  state.failures.set(id, failed);
  if (failed % TELLING.each === TELLING.first) await tellUnreadable(state, { ref, id }, error);
}

/**
 * At the end of a drive: forgets what was told and is pushed, and hears what was said in the drive's last moment. Its run is driven
 * once more then: while it was driven, nobody could wake it.
 */
async function isSpokenOf(
  state: Desk,
  fleet: Fleet,
  { run, hold }: { run: LiveRun; hold: Hold },
): Promise<boolean> {
  if (hold.signal.aborted) return false;
  const before = run.record();
  await forgetHeard(state, fleet, run).catch((err: unknown) => {
    const { log } = state.house.world;
    log.warn({ run: before.id, err }, "what was told of a run could not be forgotten yet");
  });
  await hear(state, fleet, run);
  return isOwed(run) && run.record() !== before;
}

/** A run at rest is driven once in a while without anybody's word: what would have woken it may be lost. */
const restMs = (run: LiveRun): number =>
  openChecksOf(run.record()).length > 0 ? limits.fleet.checksMs : limits.fleet.restMs;
