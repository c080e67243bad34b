// Takes a run up where it stands: from this disk, from its checkpoint, whichever knows more.

import type { Entry } from "../engine/journal.ts";
import type { RepositoryRef } from "../world/forge.ts";
import { type Checkpoint, readCheckpoint } from "./checkpoint.ts";
import type { House } from "./house.ts";
import { liveRun, type LiveRun } from "./live.ts";
import type { Mirror } from "../repo/contract.ts";
import { onThisDisk } from "./on-this-disk.ts";
import { passes } from "./passes.ts";
import { publicationsOf } from "./publications.ts";
import { isEnded, type RunRecord } from "./record.ts";
import { saidThere } from "./said.ts";
import { openSeal } from "./seal.ts";
import { type RunFolder, runFolder } from "./store.ts";
import { workRefsOf } from "./work-refs.ts";

interface Named {
  ref: RepositoryRef;
  id: string;
}

/** Null when neither this disk nor the remote knows the run. A run that is in hand already stays the same object. */
export async function takeUp(
  house: House,
  named: Named,
  inHand: LiveRun | null = null,
): Promise<LiveRun | null> {
  return await goOnFrom(house, named, { inHand, remote: await checkpointOf(house, named) });
}

/** The run's checkpoint as it is on the remote now. */
export async function checkpointOf(house: House, { ref, id }: Named): Promise<Checkpoint | null> {
  const { mirror } = await house.site(ref);
  const seal = openSeal(house.settings.checkpointSecret, id);
  return await readCheckpoint(mirror, seal, { run: id, repositoryId: ref.repositoryId });
}

/** The run at whichever of both knows more of it. */
export async function goOnFrom(
  house: House,
  { ref, id }: Named,
  { inHand, remote }: { inHand: LiveRun | null; remote: Checkpoint | null },
): Promise<LiveRun | null> {
  const local = inHand ?? (await onThisDisk(house, id, remote));
  if (remote === null) return local;
  if (local !== null && !isFurther(remote, local)) {
    const words = saidThere(local.record(), remote.record);
    if (words !== null) await local.update(words);
    return local;
  }
  return await takeOver(house, { ref, id }, { remote, local });
}

/** Takes on what another machine did, for whatever this disk has of it. */
export async function takeOver(
  house: House,
  { ref, id }: Named,
  { remote, local }: { remote: Checkpoint; local: LiveRun | null },
): Promise<LiveRun> {
  // Its branches carry the commits that its journal speaks of.
  const { mirror } = await house.site(ref);
  await mirror.fetchAll([...(await workRefsOf(mirror, id)).keys()]);
  await fetchUnnamed(house, mirror, remote);
  const fields = { run: id, entries: remote.entries.length };
  house.world.log.info(fields, "took the run from its checkpoint");
  return await adopt(runFolder(house.world.disk, id), remote, local);
}

/** Commits of changes whose branches somebody deleted: a host gives them by themselves for as long as it keeps them. */
async function fetchUnnamed(
  { world: { log } }: House,
  mirror: Pick<Mirror, "has" | "fetch">,
  { record, entries }: Checkpoint,
): Promise<void> {
  if (record.base === null) return;
  const { ledger } = publicationsOf(record.base.commit, entries, record.settings);
  for (const change of ledger.changes.values()) {
    if (await mirror.has(change.head)) continue;
    try {
      await mirror.fetch(change.head);
    } catch (error) {
      if (passes(error)) throw error;
      const fields = { run: record.id, change: change.id, error };
      log.warn(fields, "a change's branch was deleted, and its commit is gone as well");
    }
  }
}

/** True unless this disk holds the same history, or that and more of it. */
function isFurther(remote: Checkpoint, local: LiveRun): boolean {
  if (!continues(remote.entries, local.entries())) return true;
  // It was ended elsewhere: what this disk went on with meanwhile is of no use any more, nor is an end that nobody heard of.
  if (isEnded(remote.record.status) && stageOf(remote.record) > stageOf(local.record()))
    return true;
  if (remote.entries.length < local.entries().length) return false;
  // Begun anew from its command, while another machine had its script already.
  if (remote.script !== null && local.script() === null) return true;
  return stageOf(remote.record) > stageOf(local.record());
}

/** How far a record is along a run's life; an end counts more once it is told. */
export function stageOf({ status, endTold }: Pick<RunRecord, "status" | "endTold">): number {
  if (isEnded(status)) return endTold ? 3 : 2;
  return status === "publishing" ? 1 : 0;
}

/** True when `longer` begins with `prefix`: it is the same history, gone on with. */
export function continues(prefix: readonly Entry[], longer: readonly Entry[]): boolean {
  return (
    prefix.length <= longer.length &&
    prefix.every((entry, index) => JSON.stringify(entry) === JSON.stringify(longer[index]))
  );
}

async function adopt(
  folder: RunFolder,
  { record, script, entries, agents }: Checkpoint,
  local: LiveRun | null,
): Promise<LiveRun> {
  const contents = { record, script, entries };
  await folder.transcripts.replace(agents.lines);
  const run = local ?? liveRun(folder, contents);
  await run.replace(contents);
  return run;
}
