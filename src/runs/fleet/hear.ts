// A driver hears what people said of its run to other processes.

import { limits } from "../../config/limits.ts";
import type { Fleet } from "../../world/fleet.ts";
import { cancelOf, type Desk } from "../driver.ts";
import type { LiveRun } from "../live.ts";
import { isOwed } from "../owed.ts";
import { checkpointOf } from "../take-up.ts";
import { heardOf, isHeard, read } from "./told.ts";

/** Takes on everything that was said and that the record does not hold yet, on disk when it resolves. */
export async function hear(state: Desk, fleet: Fleet, run: LiveRun): Promise<void> {
  const { house } = state;
  const told = await fleet.told(run.record().id);
  for (const one of told) {
    if (isHeard(run.record(), one)) continue;
    const message = read(house, one);
    const change = message?.kind === "said" ? message.change : null;
    await run.update(heardOf(run.record(), { id: one.id, change }, told));
    if (change === null) continue;
    if (run.record().cancel !== null) cancelOf(state, run);
    // Somebody may have put an account in order, or raised a cap: nobody waits until it would be asked again.
    house.gate.lookAgain();
    house.till.lookAgain();
  }
}

/**
 * Forgets what the run's checkpoint holds: whoever drives or shows it next finds it there. Of a run that is over, nothing that
 * was said counts any more.
 */
export async function forgetHeard({ house }: Desk, fleet: Fleet, run: LiveRun): Promise<void> {
  const { id, repository: ref } = run.record();
  const heard = (await fleet.told(id)).filter((one) => isHeard(run.record(), one));
  if (heard.length === 0) return;
  if (!isOwed(run)) return await fleet.forget(heard);
  const remote = (await checkpointOf(house, { ref, id }))?.record;
  await fleet.forget(heard.filter((one) => remote !== undefined && isHeard(remote, one)));
}

/** Hears again and again until the signal; a database that is away is tried again. */
export async function keepHearing(
  state: Desk,
  fleet: Fleet,
  { run, signal }: { run: LiveRun; signal: AbortSignal },
): Promise<void> {
  const { clock, log } = state.house.world;
  let forgotAt = clock.monotonic();
  while (!signal.aborted) {
    await clock.sleep(limits.fleet.hearMs, signal).catch(() => undefined);
    if (signal.aborted) return;
    try {
      await hear(state, fleet, run);
      if (clock.monotonic() - forgotAt < limits.fleet.toldMs) continue;
      forgotAt = clock.monotonic();
      await forgetHeard(state, fleet, run);
    } catch (error) {
      log.warn({ run: run.record().id, err: error }, "could not look for what people said");
    }
  }
}
