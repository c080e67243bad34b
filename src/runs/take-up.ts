// Takes a run up where it stands: from this disk, from its checkpoint, whichever knows more.

import type { Entry } from "../engine/journal.ts";
import type { RepositoryRef } from "../world/forge.ts";
import { type Checkpoint, readCheckpoint } from "./checkpoint.ts";
import type { House } from "./house.ts";
import { liveRun, type LiveRun, loadRun } from "./live.ts";
import { openSeal } from "./seal.ts";
import { type RunFolder, runFolder } from "./store.ts";

/** Null when neither this disk nor the remote knows the run. */
export async function takeUp(
  house: House,
  ref: RepositoryRef,
  id: string,
): Promise<LiveRun | null> {
  const folder = runFolder(house.settings.dataDir, id);
  const local = await loadRun(folder);
  const { mirror } = await house.site(ref);
  const seal = openSeal(house.settings.checkpointSecret, id);
  const remote = await readCheckpoint(mirror, seal, id);
  if (remote === null) return local;
  if (local !== null && continues(remote.entries, local.entries())) return local;
  // Another machine went on with it: its branches carry the commits that its journal speaks of.
  for (const branch of (await mirror.remoteRefs(`refs/heads/fanfold/${id}/`)).keys()) {
    await mirror.fetch(branch);
  }
  house.world.log.info(
    { run: id, entries: remote.entries.length },
    "took the run from its checkpoint",
  );
  return adopt(folder, remote);
}

/** True when `longer` begins with `prefix`: it is the same history, gone on with. */
export function continues(prefix: readonly Entry[], longer: readonly Entry[]): boolean {
  return (
    prefix.length <= longer.length &&
    prefix.every((entry, index) => JSON.stringify(entry) === JSON.stringify(longer[index]))
  );
}

async function adopt(folder: RunFolder, { record, script, entries }: Checkpoint): Promise<LiveRun> {
  await folder.replaceJournal(entries);
  if (script !== null) await folder.writeScript(script);
  await folder.writeRecord(record);
  return liveRun(folder, { record, script, entries });
}
