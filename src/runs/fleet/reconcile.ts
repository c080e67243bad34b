// Refs against queue: runs that nobody drives are added, and what the queue names without there being a run is dropped.

import { limits } from "../../config/limits.ts";
import { RUN_REFS } from "../../repo/refs.ts";
import type { Fleet } from "../../world/fleet.ts";
import type { RepositoryRef } from "../../world/forge.ts";
import type { Wake } from "../../world/queue.ts";
import type { Checkpoint } from "../checkpoint.ts";
import type { Desk } from "../driver.ts";
import { isUnfinished } from "../left-behind.ts";
import type { LiveRun } from "../live.ts";
import { isOwed } from "../owed.ts";
import { every } from "../every.ts";
import { passes } from "../passes.ts";
import { checkpointOf } from "../take-up.ts";
import { tellUnreadable } from "../unreadable.ts";
import { wake } from "../wake.ts";
import { wasPushed } from "./find.ts";
import { reconcileBegun } from "./reconcile-begun.ts";
import { reconcileTold } from "./reconcile-told.ts";
import { isBegunTold, tellBegun } from "./told.ts";
import { runIn } from "./views.ts";

/** Whoever was handed when the queue was lost has noticed it by then. */
const later = { delayMs: limits.fleet.settleMs };

/** Adds this process's own runs again and again that the queue does not know, until the desk is closed. */
export async function reconcileEachMinute(state: Desk, fleet: Fleet): Promise<void> {
  const { clock, log } = state.house.world;
  await every({ clock, signal: state.closing.signal }, limits.fleet.lookMs, async () => {
    await reconcileOwn(state, fleet).catch((err: unknown) => {
      log.warn({ err }, "could not compare this process's runs with the queue");
    });
  });
}

/**
 * Does the same for all repositories, until the signal: often where runs are known, now and then everywhere. Apart from each other:
 * to look at thousands of repositories takes longer than a lost run may.
 */
export async function keepReconciled(
  state: Desk,
  fleet: Fleet,
  signal: AbortSignal,
): Promise<void> {
  const { clock, log, queue, repositories } = state.house.world;
  // Those of a queue that is lost are remembered here.
  const known = new Map<number, RepositoryRef>();
  const eachMinute = (look: () => Promise<void>): Promise<void> =>
    every({ clock, signal }, limits.fleet.lookMs, async () => {
      await look().catch((err: unknown) => {
        log.warn({ err }, "could not compare runs with the queue");
      });
    });
  let allAt = Number.NEGATIVE_INFINITY;
  const woken = new Set<string>();
  await Promise.all([
    eachMinute(async () => {
      for (const { repository } of await queue.entries()) {
        known.set(repository.repositoryId, repository);
      }
      await reconcileRefs(state, fleet, known.values());
    }),
    eachMinute(async () => {
      if (clock.monotonic() - allAt < limits.fleet.allMs) return;
      await reconcileRefs(state, fleet, repositories());
      allAt = clock.monotonic();
    }),
    eachMinute(() => reconcileTold(state.house.world, fleet, woken)),
    eachMinute(() => reconcileBegun(state.house, fleet)),
  ]);
}

/** Runs that this process has in hand, and that the queue does not know. One that cannot be looked at now is looked at next time. */
async function reconcileOwn(state: Desk, fleet: Fleet): Promise<void> {
  const { house, runs, views, handed } = state;
  const { queue, log } = house.world;
  const queued = new Set((await queue.entries()).map(({ run }) => run));
  for (const [id, run] of runs) {
    if (queued.has(id) || handed.has(id) || views.has(id) || !isOwed(run)) continue;
    try {
      await addAgain(state, fleet, run);
    } catch (err) {
      log.warn({ run: id, err }, "could not put a run of this process back into the queue");
    }
  }
}

/** Whoever is handed one without a checkpoint finds it only as it was told of, and what was told is lost with the queue. */
async function addAgain({ house, runs }: Desk, fleet: Fleet, run: LiveRun): Promise<void> {
  const { id, repository: ref } = run.record();
  const remote = await checkpointOf(house, { ref, id });
  if (remote === null ? wasPushed(run) : isEndedThere(remote, run)) return void runs.delete(id);
  if (remote === null && !(await isBegunTold(house, fleet, id))) await tellBegun(house, fleet, run);
  await wake(house, run, later);
}

/** By another process. */
const isEndedThere = (remote: Checkpoint, run: LiveRun): boolean =>
  !isUnfinished(remote) && run.record().undo === null;

/** Runs of these repositories, whoever began them. One that cannot be looked at now is looked at next time. */
export async function reconcileRefs(
  state: Desk,
  fleet: Fleet,
  repositories: AsyncIterable<RepositoryRef> | Iterable<RepositoryRef>,
): Promise<void> {
  const { clock, log } = state.house.world;
  let now = await asked(state, fleet);
  for await (const ref of repositories) {
    try {
      if (clock.monotonic() - now.at >= limits.fleet.lookMs) now = await asked(state, fleet);
      const { entries, told } = now;
      await reconcileIn(state, ref, { entries: entries.filter(isIn(ref)), told });
    } catch (error) {
      const repository = `${ref.owner}/${ref.name}`;
      log.warn({ repository, error }, "could not compare a repository's runs with the queue");
    }
  }
}

interface Asked {
  entries: readonly Wake[];
  told: ReadonlySet<string>;
  /** By the monotonic clock. */
  at: number;
}

/** A run is told of before it is in the queue, and stands in a ref before what was told is forgotten. */
async function asked({ house: { world } }: Desk, fleet: Fleet): Promise<Asked> {
  const at = world.clock.monotonic();
  const entries = await world.queue.entries();
  return { entries, told: new Set((await fleet.told()).map(({ run }) => run)), at };
}

const isIn =
  ({ repositoryId }: RepositoryRef) =>
  ({ repository }: Wake): boolean =>
    repository.repositoryId === repositoryId;

/** One that cannot be opened, since its key was given up or it is none of ours, must not hide the others of its repository. */
async function isOwedThere(state: Desk, ref: RepositoryRef, id: string): Promise<boolean> {
  const { house, unreadable } = state;
  try {
    const checkpoint = await checkpointOf(house, { ref, id });
    unreadable.delete(id);
    return checkpoint !== null && isUnfinished(checkpoint);
  } catch (error) {
    if (passes(error)) throw error;
    const consequence = "the checkpoint of a run cannot be read and is left alone";
    house.world.log.error({ run: id, error }, consequence);
    await tellUnreadable(state, { ref, id }, error);
    return false;
  }
}

async function reconcileIn(
  state: Desk,
  ref: RepositoryRef,
  { entries, told }: Pick<Asked, "entries" | "told">,
): Promise<void> {
  const { house, over } = state;
  const { queue, log } = house.world;
  const remote = await house.world.openRemote(ref);
  const queued = new Set(entries.map(({ run }) => run));
  const standing = new Set<string>();
  for (const [name, commit] of await remote.list(RUN_REFS)) {
    const id = runIn(name);
    if (id === null) continue;
    standing.add(id);
    if (queued.has(id) || over.get(id) === commit) continue;
    if (await isOwedThere(state, ref, id)) {
      log.warn({ run: id }, "nobody drives a run that is not over; it is put into the queue");
      await queue.add({ run: id, repository: ref }, later);
    } else over.set(id, commit);
  }
  // One that begins is in no ref yet, and is told of.
  const lost = entries.filter(({ run }) => !standing.has(run) && !told.has(run));
  for (const { run } of lost) {
    log.warn({ run }, "the queue names a run that is nowhere any more; forgotten");
    await queue.drop(run);
  }
}
