// A run as this disk has it. A folder that was spoiled, say by a crash of the machine, is set aside for its checkpoint.

import type { Checkpoint } from "./checkpoint.ts";
import type { House } from "./house.ts";
import { liveRun, type LiveRun, loadRun } from "./live.ts";
import { isMalformed } from "./malformed.ts";
import { NewerRun } from "./older-records.ts";
import type { RunRecord } from "./record.ts";
import { type RunFolder, runFolder } from "./store.ts";

/** What this disk has of a run cannot be used; the message says why, and what to do. */
export class UnreadableFolder extends Error {
  override readonly name = "UnreadableFolder";
}

/**
 * Null when this disk does not know the run, or not any more since its folder was set aside.
 * @throws {UnreadableFolder} when its folder is a newer version's, or is spoiled and has no checkpoint to stand in for it.
 */
export async function onThisDisk(
  house: House,
  id: string,
  remote: Checkpoint | null,
): Promise<LiveRun | null> {
  const folder = runFolder(house.world.disk, id);
  try {
    return await loadRun(folder);
  } catch (error) {
    if (error instanceof NewerRun) throw unusable(error.message, error);
    if (!isMalformed(error)) throw error;
    if (remote === null) throw unusable(adviceWithout(id), error);
    return await withoutSpoiled(house, folder, { remote, error });
  }
}

const unusable = (why: string, cause: unknown): UnreadableFolder =>
  new UnreadableFolder(`Its folder on the bot's disk cannot be used. ${why}`, { cause });

const adviceWithout = (id: string): string =>
  `What stands in runs/${id} is not in the form in which Fanfold writes it, and the repository has no checkpoint of the run. ` +
  "Nothing was changed. Bring the folder back from a back-up, or move it away and post the command again.";

/** What people said here, and no push has told yet, stays; the journal is the checkpoint's. */
async function withoutSpoiled(
  { world: { log } }: House,
  folder: RunFolder,
  { remote, error }: { remote: Checkpoint; error: unknown },
): Promise<LiveRun | null> {
  const record = await wholeRecord(folder);
  const setAside = await folder.setAside();
  log.warn(
    { run: folder.id, error, setAside },
    "the folder of a run on this disk cannot be read; it was set aside, and the run is taken from its checkpoint",
  );
  // Without a script there, what this disk has would count for as much as the checkpoint.
  if (record === null || remote.script === null) return null;
  await folder.writeRecord(record);
  return liveRun(folder, { record, script: null, entries: [] });
}

async function wholeRecord(folder: RunFolder): Promise<RunRecord | null> {
  try {
    return await folder.readRecord();
  } catch (error) {
    if (isMalformed(error)) return null;
    throw error;
  }
}
