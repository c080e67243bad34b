// Runs of a repository as another process drives them: read from their checkpoints, kept in no place.

import { RUN_REFS } from "../../repo/refs.ts";
import type { Disk } from "../../world/disk.ts";
import type { Fleet, Told } from "../../world/fleet.ts";
import type { RepositoryRef } from "../../world/forge.ts";
import type { Desk } from "../driver.ts";
import { type LiveRun, liveRun, type RunContents } from "../live.ts";
import { runFolder } from "../store.ts";
import { checkpointOf } from "../take-up.ts";
import { forgetGone, noteUnreadable } from "../unreadable.ts";
import { heardOf, isHeard, read } from "./told.ts";

/** A view says what is known and keeps nothing: what is said to it is told to the run's driver. */
const nowhere: Disk = {
  read: async () => null,
  list: async () => [],
  replace: async () => {},
  append: async () => {},
  truncate: async () => {},
  remove: async () => {},
};

const viewOf = (contents: RunContents): LiveRun =>
  liveRun(runFolder(nowhere, contents.record.id), contents);

/**
 * Brings the desk up to date with a repository: every run of it that this process does not drive, with what was said of it.
 * Rejects when the repository or the queue's database cannot be asked.
 */
export async function refresh(state: Desk, fleet: Fleet, ref: RepositoryRef): Promise<void> {
  const { house, handed, seen, runs } = state;
  const told = await fleet.told();
  const remote = await house.world.openRemote(ref);
  const refs = await remote.list(RUN_REFS);
  forgetGone(state, ref, refs);
  for (const [name, commit] of refs) {
    const id = runIn(name);
    if (id === null || handed.has(id) || (seen.get(id) === commit && runs.has(id))) continue;
    await look(state, ref, { id, commit });
  }
  for (const one of told) if (!handed.has(one.run)) await take(state, ref, { one, told });
}

/** A run of another repository is none of our concern; one that is not known yet may be of this one. */
const isOf = (run: LiveRun | undefined, { repositoryId }: RepositoryRef): boolean =>
  run === undefined || run.record().repository.repositoryId === repositoryId;

/** What the run's checkpoint holds is seen in it, with what came of it since. */
async function take(
  { house, runs, views }: Desk,
  ref: RepositoryRef,
  { one, told }: { one: Told; told: readonly Told[] },
): Promise<void> {
  const { id, run } = one;
  const known = runs.get(run);
  if (!isOf(known, ref) || (known !== undefined && isHeard(known.record(), one))) return;
  const message = read(house, one);
  if (message?.kind === "said" && known !== undefined && views.has(run))
    await known.update(heardOf(known.record(), { id, change: message.change }, told));
  if (message?.kind !== "begun" || known !== undefined) return;
  const { record } = message.contents;
  if (record.repository.repositoryId !== ref.repositoryId) return;
  runs.set(run, viewOf(message.contents));
  views.add(run);
}

/** What this process drove last is as good as its checkpoint until somebody else moves that. */
async function look(
  state: Desk,
  ref: RepositoryRef,
  { id, commit }: { id: string; commit: string },
): Promise<void> {
  const { house, runs, views, seen, handed } = state;
  try {
    const checkpoint = await checkpointOf(house, { ref, id });
    state.unreadable.delete(id);
    if (checkpoint === null || handed.has(id)) return;
    const { process } = await house.holder();
    seen.set(id, commit);
    const isOwn = runs.has(id) && !views.has(id);
    if (isOwn && checkpoint.lease?.process === process) return;
    runs.set(id, viewOf(checkpoint));
    views.add(id);
  } catch (error) {
    house.world.log.error({ run: id, error }, "the checkpoint of a run cannot be read; left out");
    await noteUnreadable(state, { ref, id }, error);
  }
}

/** The run whose checkpoint this is; null for any other ref. */
export function runIn(ref: string): string | null {
  const [run = "", what] = ref.slice(RUN_REFS.length).split("/");
  return what === "state" ? run : null;
}
