// Clears away what ended runs left on GitHub once nobody needs it: their branches, and much later their checkpoints.

import type { RefUpdate } from "../repo/remote.ts";
import { isOurBranch, RUN_REFS } from "../repo/refs.ts";
import type { Forge } from "../world/forge.ts";
import type { PullRequest } from "../world/pulls.ts";
import type { House } from "./house.ts";
import { type Ended, leftoversOf } from "./leftovers.ts";
import type { LiveRun } from "./live.ts";
import { stateRefOf } from "./names.ts";
import { shownTips } from "./shown-tips.ts";
import { signedOf } from "./sign.ts";
import { publicationsOf } from "./publications.ts";
import { saidRefsOf } from "./passed-on.ts";
import { pushInGroups } from "./push-in-groups.ts";
import { isEnded, type RunRecord } from "./record.ts";
import { workRefsOf } from "./work-refs.ts";

/** Refs deleted with one push: each of them is an event for everybody who listens to the repository. */
const REFS_AT_ONCE = 50;

/** Looks after every ended run once. Trouble with one run is logged, and tried again the next time. */
export async function tidyUp(
  house: House,
  runs: Iterable<LiveRun>,
  signal: AbortSignal,
): Promise<void> {
  for (const run of runs) {
    const { id, status, endTold, tidyAt } = run.record();
    const isDue = tidyAt !== null && tidyAt <= house.world.clock.now();
    if (!isEnded(status) || !endTold || !isDue || signal.aborted) continue;
    try {
      await tidyRun(house, run, signal);
    } catch (error) {
      if (signal.aborted) return;
      house.world.log.warn({ run: id, error }, "what a run left could not be cleared away");
    }
  }
}

/** What is on the remote of an ended run, beside what its journal says of it. */
export async function lookAt(house: House, run: LiveRun): Promise<Omit<Ended, "pull" | "saves">> {
  const { id, repository, base } = run.record();
  const { mirror } = await house.site(repository);
  const signed = signedOf(run);
  return {
    record: run.record(),
    publications:
      base === null ? null : publicationsOf(base.commit, run.entries(), run.record().settings),
    finals: [...shownTips(run.entries()), ...(signed === null ? [] : [signed.head])],
    refs: new Map([
      ...(await workRefsOf(mirror, id)),
      ...(await mirror.remoteRefs(stateRefOf(id))),
      ...(await mirror.remoteRefs(saidRefsOf(id))),
    ]),
  };
}

/** Deletes refs of a run, in paced groups. False when one of them was moved in this very moment. */
export async function removeRefs(
  house: House,
  run: LiveRun,
  { remove, signal }: { remove: readonly RefUpdate[]; signal: AbortSignal },
): Promise<boolean> {
  const { clock } = house.world;
  const { mirror, pacer, policy } = await house.site(run.record().repository);
  refuseForeign(remove, run.record().id);
  for (let from = 0; from < remove.length; from += REFS_AT_ONCE) {
    await pacer.turn(signal);
    const group = remove.slice(from, from + REFS_AT_ONCE);
    const onWait = () => () => undefined;
    const world = { mirror, clock, pacer, policy, onWait, onMoved: () => undefined };
    if (!(await pushInGroups(world, group, signal))) return false;
  }
  return true;
}

async function tidyRun(house: House, run: LiveRun, signal: AbortSignal): Promise<void> {
  const { clock, log, openForge } = house.world;
  const { id, repository, finalPull, saved } = run.record();
  const forge = await openForge(repository);
  const ended = {
    ...(await lookAt(house, run)),
    pull:
      finalPull === null
        ? await openedByHand(forge, run)
        : await forge.pullRequest(finalPull.number),
    saves: await stateOfSaves(forge, saved),
  };
  const { remove, lookAgainAt } = leftoversOf(ended, clock.now());
  // Moved in this very moment: it is looked at anew the next time.
  if (!(await removeRefs(house, run, { remove, signal }))) return;
  if (remove.length > 0) log.info({ run: id, refs: remove.length }, "cleared away what a run left");
  if (lookAgainAt !== run.record().tidyAt) await run.update({ tidyAt: lookAgainAt });
}

/** Somebody may have opened one from the branch of a run that opens none. */
const openedByHand = async (forge: Forge, run: LiveRun): Promise<PullRequest | null> => {
  const { proposal } = run.record();
  return proposal === null ? null : await forge.findPullRequest(proposal.branch);
};

async function stateOfSaves(forge: Forge, saved: RunRecord["saved"]): Promise<Ended["saves"]> {
  const states: [string, PullRequest["state"] | null][] = [];
  for (const { branch } of saved) {
    const pull = await forge.findPullRequest(branch);
    states.push([branch, pull?.state ?? null]);
  }
  return new Map(states);
}

/** A bug must not be able to delete anything but this run's own. */
function refuseForeign(remove: readonly RefUpdate[], id: string): void {
  const foreign = remove.find(({ ref }) => {
    const branch = ref.replace("refs/heads/", "");
    const isBranch = isOurBranch(branch) && branch.startsWith(`fanfold/${id}/`);
    return !isBranch && !ref.startsWith(`${RUN_REFS}${id}/`);
  });
  if (foreign !== undefined) throw new Error(`${foreign.ref} is no ref of run ${id}.`);
}
