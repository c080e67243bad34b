// Runs that rest here and were gone on with elsewhere: where no queue is shared, whoever did may be lost, and nobody would know.

import type { Oid } from "../repo/git-data.ts";
import { RUN_REFS } from "../repo/refs.ts";
import type { Checkpoint } from "./checkpoint.ts";
import type { Desk } from "./driver.ts";
import { isAlive, type LiveRun } from "./live.ts";
import { isEnded } from "./record.ts";
import { stateRefOf } from "./names.ts";
import { checkpointOf } from "./take-up.ts";
import { wake } from "./wake.ts";

/**
 * Wakes each run of the desk that rests and that another process has gone on with since the last look; `seen` keeps what stood
 * where. Costs one request for a repository with runs that rest, and one more for each that moved. Never rejects.
 */
export async function wakeMoved(state: Desk, seen: Map<string, Oid>): Promise<void> {
  const { house, runs, driving } = state;
  const resting = [...runs.values()].filter((run) => isAlive(run) && !driving.has(idOf(run)));
  for (const [, here] of Map.groupBy(resting, (run) => run.record().repository.repositoryId)) {
    try {
      await wakeIn(state, here, seen);
    } catch (error) {
      const ids = here.map(idOf);
      house.world.log.warn({ runs: ids, error }, "could not look whether runs went on elsewhere");
    }
  }
}

/** A driver is at work or was lost, or did what is not known here; one that let go of it as it was looked, as we did. */
const isNews = ({ lease, entries, record }: Checkpoint, run: LiveRun): boolean =>
  lease?.isReleased !== true || entries.length > run.entries().length || isEnded(record.status);

const idOf = (run: LiveRun): string => run.record().id;

async function wakeIn(
  { house }: Desk,
  runs: readonly LiveRun[],
  seen: Map<string, Oid>,
): Promise<void> {
  const [first] = runs;
  if (first === undefined) return;
  const ref = first.record().repository;
  const heads = await (await house.world.openRemote(ref)).list(RUN_REFS);
  const { process } = await house.holder();
  for (const run of runs) {
    const id = idOf(run);
    const head = heads.get(stateRefOf(id));
    if (head === undefined || seen.get(id) === head) continue;
    const there = await checkpointOf(house, { ref, id });
    seen.set(id, head);
    // Our own word: nobody else has had it since.
    if (there === null || there.lease?.process === process) continue;
    if (isNews(there, run)) await wake(house, run);
  }
}
