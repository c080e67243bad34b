// A run that could not be driven: counted, tried again later, and told of where that is this process's to tell.

import type { Desk } from "./driver.ts";
import type { LiveRun } from "./live.ts";
import { whoseIs } from "./spread.ts";
import { isWorthTelling, retryAfterMs, tellTrouble } from "./trouble.ts";

/** Resolves to the milliseconds until it is tried again. */
export async function tryLater(state: Desk, run: LiveRun, error: unknown): Promise<number> {
  const { house, failures, complained } = state;
  const { id } = run.record();
  const failed = (failures.get(id) ?? 0) + 1;
  failures.set(id, failed);
  const waitMs = retryAfterMs(failed);
  house.world.log.error(
    { run: id, error, waitMs },
    "a run could not be driven and is tried again later",
  );
  if (await mayTell(state, run, failed)) {
    // Said or not: GitHub may have heard what it did not answer.
    complained.add(id);
    await tellTrouble(house, run, { error, failures: failed });
  }
  return waitMs;
}

/** Where another process drives it, only that one can say that it stands still. */
async function mayTell(state: Desk, run: LiveRun, failures: number): Promise<boolean> {
  if (!isWorthTelling(failures)) return false;
  const whose = await whoseIs(state, run);
  return whose !== "another's" && isWorthTelling(failures, whose);
}
