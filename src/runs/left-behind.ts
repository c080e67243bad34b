// Runs that an earlier process left behind, on this disk or in the repositories.

import { RUN_REFS } from "../repo/refs.ts";
import type { RepositoryRef } from "../world/forge.ts";
import type { House } from "./house.ts";
import { type LiveRun, loadRun } from "./live.ts";
import { isEnded } from "./record.ts";
import { knownRuns, runFolder } from "./store.ts";
import { takeUp } from "./take-up.ts";

/** Runs of this machine, ended ones too. */
export async function takeUpKnown(house: House, runs: Map<string, LiveRun>): Promise<void> {
  for (const id of await knownRuns(house.world.disk)) {
    try {
      const run = await loadRun(runFolder(house.world.disk, id));
      if (run !== null) runs.set(id, run);
    } catch (error) {
      house.world.log.error(
        { run: id, error },
        "a run on this disk cannot be read and is left alone",
      );
    }
  }
}

/** Runs that another machine began and did not end: their checkpoints say so. */
export async function takeUpForeign(house: House, desk: Foreign): Promise<void> {
  for await (const ref of house.world.repositories()) {
    try {
      await takeUpIn(house, ref, desk);
    } catch (error) {
      const repository = `${ref.owner}/${ref.name}`;
      house.world.log.warn(
        { repository, error },
        "could not look for unfinished runs in a repository",
      );
    }
  }
}

interface Foreign {
  isKnown(id: string): boolean;
  add(run: LiveRun): void;
}

async function takeUpIn(house: House, ref: RepositoryRef, desk: Foreign): Promise<void> {
  const remote = await house.world.openRemote(ref);
  const refs = await remote.list(RUN_REFS);
  for (const name of refs.keys()) {
    const id = name.slice(RUN_REFS.length).split("/")[0] ?? "";
    if (!name.endsWith("/state") || desk.isKnown(id)) continue;
    const run = await takeUp(house, { ref, id });
    if (run !== null && !isEnded(run.record().status)) desk.add(run);
  }
}
