// Runs that an earlier process left behind, on this disk or in the repositories.

import type { Oid } from "../repo/git-data.ts";
import { RUN_REFS } from "../repo/refs.ts";
import type { RepositoryRef } from "../world/forge.ts";
import type { Checkpoint } from "./checkpoint.ts";
import type { House } from "./house.ts";
import { type LiveRun, loadRun } from "./live.ts";
import { passes } from "./passes.ts";
import { isEnded } from "./record.ts";
import { UnreadableFolder } from "./on-this-disk.ts";
import { knownRuns, runFolder } from "./store.ts";
import { forgetGone, tellUnreadable, type Unreadable } from "./unreadable.ts";
import { checkpointOf, goOnFrom } from "./take-up.ts";

/** Who takes over what is found. */
export interface Finder {
  isKnown(id: string): boolean;
  /** Runs that could not be read, for those who ask for them. */
  unreadable: Map<string, Unreadable>;
  /** Opens a run for the desk and has it driven, unless somebody is at it already; null: there is none. */
  open(id: string, read: () => Promise<LiveRun | null>): Promise<void>;
}

/** Runs of this machine, ended ones too. False when the disk did not give some of them, so that a later look may. */
export async function takeUpKnown(house: House, desk: Finder): Promise<boolean> {
  const { disk, log } = house.world;
  let isWhole = true;
  for (const run of await knownRuns(disk)) {
    if (desk.isKnown(run)) continue;
    try {
      await desk.open(run, () => loadRun(runFolder(disk, run)));
    } catch (error) {
      // What the system says passes; what is written there does not get any better.
      isWhole &&= !passes(error);
      const consequence =
        "the folder of a run on this disk cannot be read and is left alone until its checkpoint is looked at";
      log.error({ run, error }, consequence);
    }
  }
  return isWhole;
}

/** Who looks again and again. */
export interface Seeker extends Finder {
  /** Checkpoints that were seen to be of ended runs or of none of ours, by their refs: until they move, nobody reads them again. */
  ended: Map<string, Oid>;
}

/** Looks in one repository for runs that another machine began and did not end; false: it is to be looked at again. */
export type LookIn = (ref: RepositoryRef) => Promise<boolean>;

/** Checkpoints say which runs those are. Never rejects. */
export const lookingIn =
  (house: House, desk: Seeker): LookIn =>
  async (ref) => {
    try {
      return await takeUpIn(house, ref, desk);
    } catch (error) {
      const repository = `${ref.owner}/${ref.name}`;
      const consequence = "could not look for unfinished runs in a repository; it is tried again";
      house.world.log.warn({ repository, error }, consequence);
      return false;
    }
  };

/** Looks in each repository. Returns those to look at again. */
export async function takeUpForeign(
  repositories: AsyncIterable<RepositoryRef> | Iterable<RepositoryRef>,
  lookIn: LookIn,
): Promise<RepositoryRef[]> {
  const unseen: RepositoryRef[] = [];
  for await (const ref of repositories) if (!(await lookIn(ref))) unseen.push(ref);
  return unseen;
}

/** Its end may be known and not be told; before there were leases, no checkpoint said whether it was. */
export const isUnfinished = ({ record, lease }: Checkpoint): boolean =>
  !isEnded(record.status) || (lease !== null && !record.endTold);

/** False when one of its runs could not be read just now; the others do not wait for it. */
async function takeUpIn(house: House, ref: RepositoryRef, desk: Seeker): Promise<boolean> {
  const remote = await house.world.openRemote(ref);
  const refs = await remote.list(RUN_REFS);
  forgetGone(desk, ref, refs);
  let isWhole = true;
  for (const [name, head] of refs) {
    const id = name.slice(RUN_REFS.length).split("/")[0] ?? "";
    if (!name.endsWith("/state") || desk.isKnown(id) || desk.ended.get(name) === head) continue;
    try {
      await desk.open(id, async () => {
        const remote = await checkpointOf(house, { ref, id });
        if (remote === null || !isUnfinished(remote)) {
          desk.ended.set(name, head);
          desk.unreadable.delete(id);
          return null;
        }
        const run = await goOnFrom(house, { ref, id }, { inHand: null, remote });
        desk.unreadable.delete(id);
        return run;
      });
    } catch (error) {
      isWhole &&= !passes(error);
      // Said once, and looked at again when it moves.
      if (!passes(error)) desk.ended.set(name, head);
      const what = error instanceof UnreadableFolder ? "folder on this disk" : "checkpoint";
      const consequence = `the ${what} of an unfinished run cannot be read and is left alone`;
      house.world.log.error({ run: id, error }, consequence);
      await tellUnreadable({ house, unreadable: desk.unreadable }, { ref, id }, error);
    }
  }
  return isWhole;
}
