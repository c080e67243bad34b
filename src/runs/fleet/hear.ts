// A driver hears what people said of its run to other processes.

import { limits } from "../../config/limits.ts";
import type { Fleet, Told } from "../../world/fleet.ts";
import { cancelOf, type Desk } from "../driver.ts";
import type { LiveRun } from "../live.ts";
import { read, withSaid } from "./told.ts";

/** Takes on everything that was said and not heard yet, on disk when it resolves. */
export async function hear(state: Desk, fleet: Fleet, run: LiveRun): Promise<void> {
  const { house, heard } = state;
  const told = await fleet.told(run.record().id);
  for (const one of told.filter(({ id }) => !heard.has(id))) {
    heard.add(one.id);
    const message = read(house, one);
    if (message?.kind !== "said") continue;
    await run.update(withSaid(run.record(), message.change));
    if (run.record().cancel !== null) cancelOf(state, run);
    // Somebody may have put an account in order, or raised a cap: nobody waits until it would be asked again.
    house.gate.lookAgain();
    house.till.lookAgain();
  }
  await fleet.forget(told.filter((one) => isOld(state, one)));
}

/** By then it is in the checkpoint: whoever drives the run next finds it there. */
const isOld = ({ house, heard }: Desk, { id, at }: Told): boolean =>
  heard.has(id) && house.world.clock.now() - at > limits.fleet.toldMs;

/** Hears again and again until the signal; a database that is away is tried again. */
export async function keepHearing(
  state: Desk,
  fleet: Fleet,
  { run, signal }: { run: LiveRun; signal: AbortSignal },
): Promise<void> {
  const { clock, log } = state.house.world;
  while (!signal.aborted) {
    await clock.sleep(limits.fleet.hearMs, signal).catch(() => undefined);
    if (signal.aborted) return;
    await hear(state, fleet, run).catch((error: unknown) => {
      log.warn({ run: run.record().id, err: error }, "could not look for what people said");
    });
  }
}
