// The run that the queue handed to this process, wherever it was before.

import type { Fleet } from "../../world/fleet.ts";
import type { Wake } from "../../world/queue.ts";
import type { Checkpoint } from "../checkpoint.ts";
import type { Desk } from "../driver.ts";
import { liveRun, type LiveRun, type RunContents } from "../live.ts";
import { onThisDisk } from "../on-this-disk.ts";
import { runFolder } from "../store.ts";
import { checkpointOf, goOnFrom, takeOver } from "../take-up.ts";
import { read } from "./told.ts";

export interface Found {
  run: LiveRun;
  /** As it was read for that; null when there is none yet. */
  checkpoint: Checkpoint | null;
}

/** Null when there is no such run any more: nothing of it is in the repository, and nobody tells of it. */
export async function find(state: Desk, fleet: Fleet, wake: Wake): Promise<Found | null> {
  const { run: id, repository: ref } = wake;
  const checkpoint = await checkpointOf(state.house, { ref, id });
  const run = await findAt(state, fleet, { wake, remote: checkpoint });
  return run === null ? null : { run, checkpoint };
}

async function findAt(
  state: Desk,
  fleet: Fleet,
  { wake, remote }: { wake: Wake; remote: Checkpoint | null },
): Promise<LiveRun | null> {
  const { house, runs, views } = state;
  const { run: id, repository: ref } = wake;
  const known = views.has(id) ? undefined : runs.get(id);
  const here = known ?? (await onThisDisk(house, id, remote));
  if (remote !== null) {
    const { owner } = await house.holder();
    const isOurs = remote.lease?.owner === owner;
    // Another folder had it since: what this one knows of it is older, whatever it holds.
    return isOurs
      ? await goOnFrom(house, { ref, id }, { inHand: here, remote })
      : await takeOver(house, { ref, id }, { remote, local: here });
  }
  if (here !== null) return wasPushed(here) ? null : here;
  const begun = (await fleet.told(id)).map((one) => read(house, one));
  const message = begun.find((one) => one?.kind === "begun");
  return message?.kind === "begun" ? await begin(state, message.contents) : null;
}

/**
 * Nothing is done for a run before its checkpoint is pushed: one that is gone was cleared away. A retry has its base from the
 * beginning, so of it only what it has done tells.
 */
export const wasPushed = (run: LiveRun): boolean => {
  const { base, retryOf } = run.record();
  return run.entries().length > 0 || (base !== null && retryOf === null);
};

async function begin({ house }: Desk, contents: RunContents): Promise<LiveRun> {
  const folder = runFolder(house.world.disk, contents.record.id);
  await folder.writeRecord(contents.record);
  const run = liveRun(folder, contents);
  await run.replace(contents);
  return run;
}
