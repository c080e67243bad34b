// The comment of a run that waits for a place: made before the run is put into the queue, kept true until somebody drives it.

import { limits } from "../config/limits.ts";
import type { Comment, Forge } from "../world/forge.ts";
import { acting, apart, type Permit, permitNow } from "../world/permit.ts";
import type { World } from "../world.ts";
import type { Desk } from "./driver.ts";
import type { LiveRun } from "./live.ts";
import { runMarker, stateRefOf } from "./names.ts";
import { type Place, placeFor, placeOf } from "./places.ts";
import { firstLine } from "./render/text.ts";
import { type Known, queuedMarker, renderQueued } from "./render/queued.ts";
import { wasPushed } from "./fleet/find.ts";

/** A run of this process that was never driven. */
export interface Queued {
  run: LiveRun;
  /** What is being written now. */
  telling: Promise<void>;
}

/** As much of the desk as this takes. */
interface Teller extends Pick<Desk, "runs" | "queued" | "closing"> {
  house: { world: Pick<World, "queue" | "fleet" | "clock" | "log" | "openForge" | "openRemote"> };
}

/**
 * Says that a run will have to wait, before it is put into the queue: nobody can be driving it yet, so there is no second
 * comment. Never rejects: a run whose comment cannot be made now is shown by its driver.
 */
export async function announce(state: Teller, run: LiveRun): Promise<void> {
  const { queue } = state.house.world;
  const { id, repository, announcedAt } = run.record();
  // One that was announced by a process which is gone has a comment, or will have one soon.
  if (wasPushed(run) || announcedAt !== null) return;
  await quietly(state, run, async () => {
    const entries = await queue.entries();
    const place = placeFor({ run: id, repository }, { entries, limits: queue.limits });
    if (place !== null) await say(state, run, { place, mayCreate: true });
  });
}

/** After the run was put into the queue: where it waits there, its comment says where, until it is driven or gone. */
export async function watchPlace(state: Teller, run: LiveRun): Promise<void> {
  if (wasPushed(run)) return;
  await quietly(state, run, async () => {
    const { id } = run.record();
    if (placeOf(await state.house.world.queue.entries(), id) === null) return;
    state.queued.set(id, { run, telling: Promise.resolve() });
    // It outlives the comment by which the run was asked for.
    if (state.queued.size === 1) void apart(() => watchAll(state));
  });
}

/** Before the run is driven by this process: nothing more is said of its place, and what is under way has ended. */
export async function leaveQueue({ queued }: Pick<Desk, "queued">, id: string): Promise<void> {
  const { telling } = queued.get(id) ?? {};
  queued.delete(id);
  await telling;
}

/** For as long as runs wait. */
async function watchAll(state: Teller): Promise<void> {
  const { queued, closing, house } = state;
  const { clock, log, queue } = house.world;
  while (queued.size > 0) {
    await clock.sleep(limits.publish.progressEditMs, closing.signal).catch(() => undefined);
    if (closing.signal.aborted) return;
    try {
      const entries = await queue.entries();
      await Promise.all([...queued.values()].map((one) => look(state, one, entries)));
    } catch (error) {
      log.warn({ err: error }, "could not see which runs wait; it is looked at again");
    }
  }
}

type Entries = Parameters<typeof placeOf>[0];

async function look(state: Teller, one: Queued, entries: Entries): Promise<void> {
  const { queued, house } = state;
  const { id } = one.run.record();
  const place = placeOf(entries, id);
  if (place === null) return void queued.delete(id);
  // It may have been handed out since: then its driver does not wait for us.
  if (queued.get(id) !== one) return;
  // Another process may begin at any moment where there are several: it makes the comment then.
  const mayCreate = house.world.fleet === null;
  one.telling = quietly(state, one.run, () => say(state, one.run, { place, mayCreate }));
  await one.telling;
}

/** Only a comment in which no driver has spoken is written to, and only while no driver has taken the run. */
async function say(
  { house, runs }: Teller,
  run: LiveRun,
  { place, mayCreate }: { place: Place; mayCreate: boolean },
): Promise<void> {
  const { id, repository, thread } = run.record();
  const knownOf = (other: string): Known | null => knownIn(runs.get(other));
  const body = renderQueued({ record: run.record(), place, knownOf });
  // Nothing new: neither git nor GitHub is asked every few seconds for each run that waits.
  if (run.comment()?.body === body) return;
  if (await isDriven(house, run)) return;
  const forge = await house.world.openForge(repository);
  const comment = await standing(house.world.fleet === null ? run.comment() : null, {
    forge,
    thread,
    id,
  });
  if (comment === null) return mayCreate ? await create(house, run, { forge, body }) : undefined;
  run.setComment(comment);
  if (comment.body === body || !comment.body.includes(queuedMarker)) return;
  await acting(unlessDriven(house, run), () => forge.editComment(comment.id, body));
  run.setComment({ ...comment, body });
}

/** Its driver has taken it, here or elsewhere. */
async function isDriven({ world }: Teller["house"], run: LiveRun): Promise<boolean> {
  const { id, repository } = run.record();
  const remote = await world.openRemote(repository);
  return (await remote.list(stateRefOf(id))).size > 0;
}

/** A look that took longer says nothing of now: the process stood still. */
const LOOK_MS = 5_000;

/**
 * For what is written of a run that waits: it may wait for its turn, or its process stand still, until a driver speaks in the same
 * comment. Asked in the moment in which it leaves; rejects once a driver has taken the run.
 */
function unlessDriven(house: Teller["house"], run: LiveRun): Permit {
  const { clock } = house.world;
  const before = permitNow();
  return async () => {
    await before?.();
    const asked = { monotonic: clock.monotonic(), now: clock.now() };
    // On its own account: what this asks for is not what waits for it.
    const isTaken = await apart(() => isDriven(house, run));
    const tookMs = Math.max(clock.monotonic() - asked.monotonic, clock.now() - asked.now);
    if (!isTaken && tookMs <= LOOK_MS) return;
    throw new Error(`Run ${run.record().id} may be driven by now: its comment is its driver's.`);
  };
}

/** What this process wrote last; where others may have written since, what stands there. */
const standing = async (
  known: Comment | null,
  { forge, thread, id }: { forge: Forge; thread: number; id: string },
): Promise<Comment | null> => known ?? (await forge.findComment(thread, runMarker(id)));

/** On disk before it is made: whoever drives the run after a crash knows that there may be one that no list shows yet. */
async function create(
  house: Teller["house"],
  run: LiveRun,
  { forge, body }: { forge: Forge; body: string },
): Promise<void> {
  await run.update({ announcedAt: house.world.clock.now() });
  const { thread } = run.record();
  const made = await acting(unlessDriven(house, run), () => forge.createComment(thread, body));
  run.setComment(made);
}

function knownIn(run: LiveRun | undefined): Known | null {
  if (run === undefined) return null;
  const { script, task } = run.record();
  return { title: script?.title ?? firstLine(task), url: run.url() };
}

async function quietly(
  { house }: Pick<Teller, "house">,
  run: LiveRun,
  work: () => Promise<void>,
): Promise<void> {
  try {
    await work();
  } catch (error) {
    const { log } = house.world;
    log.warn({ run: run.record().id, err: error }, "could not say that a run waits for a place");
  }
}
