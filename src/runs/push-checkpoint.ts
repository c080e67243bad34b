// Moves a run's checkpoint: with what is new, or with nothing but its driver's word. One push at a time, and none once another
// driver was seen.

import { keepsAgents, nextOfAgents } from "./kept-agents.ts";
import { Fenced, type Lease, nextLease } from "./lease.ts";
import { move, sinceProof, wordAlone } from "./move-refs.ts";
import { type Plan, planPush, type State } from "./push-plan.ts";
import type { RunRecord } from "./record.ts";

/** Pushes what is new once; true when there was something, whether or not it went through. */
export function pushNews(state: State, signal: AbortSignal): Promise<boolean> {
  return alone(state, async () => {
    if (planPush(state) === null) return false;
    await state.world.pacer.turn(signal);
    // Planned again: what arrived during the wait goes along.
    const plan = planPush(state);
    if (plan === null) return false;
    await pushPlan(state, { plan, lease: heldBy(state) }, signal);
    return true;
  });
}

/** Takes the run for this process, from the commit that it was taken up at. */
export function pushTaking(state: State, signal: AbortSignal): Promise<void> {
  return alone(state, async () => {
    const { world, pushed } = state;
    world.pacer.jump();
    const lease = nextLease(pushed.lease, world.holder);
    await pushLease(state, lease, signal);
    state.lease = lease;
  });
}

/** Lets go of the run: whoever comes next need not wait. What is new goes along, and `change` of the record with it. */
export function pushRelease(
  state: State,
  { change, isAtRest }: { change: Partial<RunRecord>; isAtRest: boolean },
  signal: AbortSignal,
): Promise<void> {
  return alone(state, async () => {
    const lease = { ...heldBy(state), isReleased: true, isAtRest };
    state.world.pacer.jump();
    for (;;) {
      const plan = planPush(state, change);
      if (plan === null) await pushLease(state, lease, signal);
      else if (!(await pushPlan(state, { plan, lease }, signal))) continue;
      state.lease = null;
      return;
    }
  });
}

/** Proves by a push of its own that the run is ours still, unless one did within `ms`. */
export function pushProof(state: State, ms: number, signal: AbortSignal): Promise<void> {
  return alone(state, async () => {
    const lease = heldBy(state);
    if (sinceProof(state) < ms) return;
    await state.world.pacer.turn(signal);
    await pushLease(state, lease, signal);
  });
}

function alone<T>(state: State, work: () => Promise<T>): Promise<T> {
  const mine = state.pushing
    .catch(() => undefined)
    .then(async () => {
      if (state.fenced !== null) throw state.fenced;
      try {
        return await work();
      } catch (error) {
        if (error instanceof Fenced) state.fenced = error;
        throw error;
      }
    });
  state.pushing = mine;
  return mine;
}

function heldBy({ lease }: State): Lease {
  if (lease === null) throw new Error("A run that this process does not hold is not pushed.");
  return lease;
}

/** False when a branch was not where it was left. */
async function pushPlan(
  state: State,
  { plan, lease: held }: { plan: Plan; lease: Lease },
  signal: AbortSignal,
): Promise<boolean> {
  const { world, pushed } = state;
  const fresh = plan.entries.slice(pushed.entries);
  const segment = pushed.segments + 1;
  const script = world.source.script();
  // The journal has grown under this driver.
  const lease = fresh.length > 0 ? { ...held, barren: 0 } : held;
  state.agentsAt = world.clock.now();
  const agents = await nextOfAgents(pushed.agents, {
    ...world,
    ...world.source.folder,
    entries: plan.entries,
    wanted: keepsAgents(plan.record),
  });
  const { record, updates } = plan;
  const { beside } = state;
  const { journalDigest } = pushed;
  const tick = { record, script, entries: fresh, segment, journalDigest, agents, lease, beside };
  if (!(await move(state, { updates, tick }, signal))) return false;
  if (state.beside === beside) state.beside = new Map();
  pushed.entries = plan.entries.length;
  pushed.agents = agents.kept;
  pushed.segments = fresh.length > 0 ? segment : pushed.segments;
  pushed.record = record;
  pushed.script = script;
  state.lease = lease;
  return true;
}

async function pushLease(state: State, lease: Lease, signal: AbortSignal): Promise<void> {
  const { pushed } = state;
  const tick = wordAlone(state, lease);
  while (!(await move(state, { updates: [], tick }, signal)));
  pushed.record = tick.record;
  pushed.script = tick.script;
}
