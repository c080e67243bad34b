// Moves refs of a run together with its checkpoint, fenced: a driver that lost the run moves none of them.

import type { Oid } from "../repo/git-data.ts";
import type { RefUpdate } from "../repo/remote.ts";
import { permitNow } from "../world/permit.ts";
import { commitCheckpoint } from "./checkpoint.ts";
import { Fenced, type Lease } from "./lease.ts";
import { stateRefOf } from "./names.ts";
import { patiently } from "./patience.ts";
import { learnPolicy, pushOnce, refsOfOnePush } from "./push-in-groups.ts";
import { noteMoved, placesOf, type State } from "./push-plan.ts";
import { workRefsOf } from "./work-refs.ts";

/** Milliseconds since the last proof, by the clock that says more: one stands still while a machine is suspended, the other is set. */
export function sinceProof({ world: { clock }, proven }: State): number {
  return Math.max(clock.monotonic() - proven.monotonic, clock.now() - proven.now);
}

type Tick = Omit<Parameters<typeof commitCheckpoint>[2], "parent" | "anew" | "at">;

/** Everything but the driver's word stays as the last push left it, with what it says of refs that move ahead. */
export function wordAlone(
  { world, pushed }: State,
  held: Lease,
  moving: Lease["moving"] = {},
): Tick {
  const lease = { ...held, moving: { ...pushed.lease?.moving, ...moving } };
  const record = pushed.record ?? world.source.record();
  const script = pushed.record === null ? world.source.script() : pushed.script;
  const agents = { files: new Map(), removed: [], kept: pushed.agents };
  const { segments, journalDigest } = pushed;
  return { record, script, entries: [], segment: segments + 1, journalDigest, agents, lease };
}

/**
 * Moves refs and the checkpoint that tells of them, in one push or in as many as the repository's policy makes of it. The
 * driver's word goes along with each: what another driver has taken cannot move any of them. False when a ref was not where
 * it was left; what was moved before is noted.
 */
export async function move(
  state: State,
  { updates, tick }: { updates: readonly RefUpdate[]; tick: Tick },
  signal: AbortSignal,
): Promise<boolean> {
  const { pacer, policy } = state.world;
  for (let rest = [...updates]; ;) {
    try {
      const size = refsOfOnePush(policy);
      // The checkpoint last: it must never tell of a commit that is not there.
      if (rest.length < size) return await step(state, { updates: rest, tick }, signal);
      const group = rest.slice(0, Math.max(1, size - 1));
      const lease = { ...tick.lease, moving: placesOf(updates) };
      if (!(await stepBefore(state, { group, size, lease }, signal))) return false;
      rest = rest.slice(group.length);
    } catch (error) {
      learnPolicy(policy, error);
    }
    await pacer.turn(signal);
  }
}

/** A group that goes before the last one. Where one push may move a single ref, the driver's word goes just before it. */
async function stepBefore(
  state: State,
  { group, size, lease }: { group: readonly RefUpdate[]; size: number; lease: Lease },
  signal: AbortSignal,
): Promise<boolean> {
  const { world, pushed } = state;
  const tick = wordAlone(state, state.lease ?? lease, lease.moving);
  if (size > 1) return await step(state, { updates: group, tick }, signal);
  if (!(await step(state, { updates: [], tick }, signal))) return false;
  const result = await patiently({ ...world, signal }, async () => {
    await inTurn(state, tick, signal);
    await mustBeOurs(tick.record.id);
    return await world.mirror.push(group);
  });
  const own = { ref: stateRefOf(tick.record.id), from: pushed.state };
  if (result.kind === "pushed") noteMoved(pushed.refs, group);
  else await reread(state, { run: tick.record.id, move: own });
  return result.kind === "pushed";
}

/**
 * Waits for the turn of a push that moves no checkpoint. The turn may be long in coming, and so may another try: whoever stood
 * still meanwhile proves first that the run is its own.
 */
async function inTurn(state: State, tick: Tick, signal: AbortSignal): Promise<void> {
  const { pacer } = state.world;
  await pacer.turn(signal);
  while (sinceProof(state) >= tick.lease.ttlMs / 2) {
    await step(state, { updates: [], tick }, signal);
    await pacer.turn(signal);
  }
}

/** One push. */
async function step(
  state: State,
  { updates, tick }: { updates: readonly RefUpdate[]; tick: Tick },
  signal: AbortSignal,
): Promise<boolean> {
  const { world, pushed } = state;
  const at = world.clock.now();
  const { commit, journalDigest } = await commitCheckpoint(world.mirror, world.seal, {
    ...tick,
    parent: pushed.state,
    anew: pushed.anew,
    at,
  });
  const own = { ref: stateRefOf(tick.record.id), from: pushed.state, to: commit };
  await mustBeOurs(tick.record.id);
  const proven = { monotonic: world.clock.monotonic(), now: world.clock.now() };
  const turn = (aborted: AbortSignal): Promise<void> => world.pacer.turn(aborted);
  const result = await pushOnce({ ...world, turn }, [...updates, own], signal);
  if (result.kind !== "pushed") {
    await reread(state, { run: tick.record.id, move: own });
    return false;
  }
  noteMoved(pushed.refs, updates);
  pushed.state = commit;
  pushed.journalDigest = journalDigest;
  pushed.lease = tick.lease;
  pushed.anew = new Map();
  state.proven = proven;
  return true;
}

/** A driver whose run may be another one's by the queue's word does not even try: it could be first. */
async function mustBeOurs(run: string): Promise<void> {
  try {
    await permitNow()?.();
  } catch (error) {
    throw new Fenced(run, { cause: error });
  }
}

/** After a refused push: a moved checkpoint means another driver; a moved branch is a person's wish and is respected. */
async function reread(
  { world, pushed, leftAlone }: State,
  { run, move: own }: { run: string; move: { ref: string; from: Oid | null } },
): Promise<void> {
  const states = await world.mirror.remoteRefs(own.ref);
  if ((states.get(own.ref) ?? null) !== own.from) throw new Fenced(run);
  const branches = await workRefsOf(world.mirror, run);
  const moved = new Set([...pushed.refs.keys(), ...branches.keys()]);
  for (const ref of moved) {
    if (branches.get(ref) === pushed.refs.get(ref) || leftAlone.has(ref)) continue;
    leftAlone.add(ref);
    world.onLeftAlone(ref);
  }
}
