// Begun against queue: whoever takes a run on tells of it first, and may be lost, with its disk, before the queue names it.

import { limits } from "../../config/limits.ts";
import type { Fleet, Told } from "../../world/fleet.ts";
import type { House } from "../house.ts";
import type { RunRecord } from "../record.ts";
import { stateRefOf } from "../names.ts";
import { read } from "./told.ts";

/**
 * Puts what was told to begin into the queue where that does not name it. What was driven since has a checkpoint, and is found
 * by that. One that cannot be looked at now is looked at next time.
 */
export async function reconcileBegun(house: House, fleet: Pick<Fleet, "told">): Promise<void> {
  const { queue, log } = house.world;
  // Asked first: whoever tells of a run adds it afterwards.
  const queued = new Set((await queue.entries()).map(({ run }) => run));
  for (const one of await fleet.told()) {
    const { run } = one;
    if (queued.has(run)) continue;
    try {
      const repository = await beginsIn(house, one);
      if (repository === null) continue;
      log.warn({ run }, "a run was told of and never queued; it is put into the queue");
      await queue.add({ run, repository });
    } catch (err) {
      log.warn({ run, err }, "could not look whether a run was begun; it is looked at again");
    }
  }
}

/** The repository of a run that was to begin a while ago and has no checkpoint; null for anything else that was told. */
async function beginsIn(house: House, one: Told): Promise<RunRecord["repository"] | null> {
  const { clock, openRemote } = house.world;
  if (clock.now() - one.at < limits.fleet.settleMs) return null;
  const message = read(house, one);
  if (message?.kind !== "begun") return null;
  const { repository } = message.contents.record;
  const remote = await openRemote(repository);
  return (await remote.list(stateRefOf(one.run))).size === 0 ? repository : null;
}
