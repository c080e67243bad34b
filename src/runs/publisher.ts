// Brings a run's branches and checkpoint to GitHub: one atomic push a tick, then the effects that need the branches.

import type { Oid } from "../repo/git-data.ts";
import { branchRef, refOfPlace, resultBranchOf } from "../repo/refs.ts";
import type { RefUpdate } from "../repo/remote.ts";
import { commitCheckpoint } from "./checkpoint.ts";
import { keepsAgents, nextOfAgents } from "./kept-agents.ts";
import { stateRefOf } from "./names.ts";
import type { PublisherWorld } from "./publisher-world.ts";
import { pushInGroups } from "./push-in-groups.ts";
import { planPush, readJournal, type State } from "./push-plan.ts";
import { workRefsOf } from "./work-refs.ts";

/** Another process has moved this run's checkpoint: this one stops and publishes nothing more. */
export class Fenced extends Error {
  override readonly name = "Fenced";
}

export interface Publisher {
  /** Pushes what is new and makes the effects that follow; nothing new is no push. */
  tick(signal: AbortSignal): Promise<void>;
  /** Ticks until nothing is owed. */
  flush(signal: AbortSignal): Promise<void>;
  /** From now on the run's own branch is what the signed commits made of it; no push touches it again. */
  releaseResult(): void;
  /** The commit of the checkpoint as it was pushed last; null while there is none. */
  checkpoint(): Oid | null;
}

export function openPublisher(world: PublisherWorld): Publisher {
  const state: State = {
    world,
    pushed: world.known,
    leftAlone: new Set(world.known.leftAlone),
    lastRecord: null,
    read: null,
    agentsAt: Number.NEGATIVE_INFINITY,
    primed: world.known.state === null,
  };
  let busy: Promise<void> = Promise.resolve();
  const exclusively = (work: () => Promise<void>): Promise<void> => {
    busy = busy.catch(() => undefined).then(work);
    return busy;
  };
  return {
    tick: (signal) =>
      exclusively(async () => {
        await prime(state, signal);
        if (await push(state, signal)) await applyEffects(state, signal);
      }),
    flush: (signal) =>
      exclusively(async () => {
        await prime(state, signal);
        while (await push(state, signal)) await applyEffects(state, signal);
        await applyEffects(state, signal);
      }),
    releaseResult: () => {
      state.leftAlone.add(branchRef(resultBranchOf(world.source.record().id)));
    },
    checkpoint: () => state.pushed.state,
  };
}

/** Pushes once; true when there was something to push, whether or not it went through. */
async function push(state: State, signal: AbortSignal): Promise<boolean> {
  if (planPush(state) === null) return false;
  await state.world.pacer.turn(signal);
  // Planned again: what arrived during the wait goes along.
  const plan = planPush(state);
  if (plan === null) return false;
  const { world, pushed } = state;
  const fresh = plan.entries.slice(pushed.entries);
  const segment = pushed.segments + 1;
  state.agentsAt = world.clock.now();
  const agents = await nextOfAgents(pushed.agents, {
    ...world,
    ...world.source.folder,
    entries: plan.entries,
    wanted: keepsAgents(plan.record),
  });
  const commit = await commitCheckpoint(world.mirror, world.seal, {
    parent: pushed.state,
    record: plan.record,
    script: world.source.script(),
    entries: fresh,
    segment,
    agents,
    at: world.clock.now(),
  });
  const move = { ref: stateRefOf(plan.record.id), from: pushed.state, to: commit };
  const onMoved = (updates: readonly RefUpdate[]): void => noteMoved(pushed.refs, updates);
  // The checkpoint last: it must never tell of a commit that is not there.
  if (!(await pushInGroups({ ...world, onMoved }, [...plan.updates, move], signal))) {
    await reread(state, { run: plan.record.id, move });
    return true;
  }
  pushed.state = commit;
  pushed.entries = plan.entries.length;
  pushed.agents = agents.kept;
  pushed.segments = fresh.length > 0 ? segment : pushed.segments;
  state.lastRecord = plan.text;
  return true;
}

function noteMoved(refs: Map<string, Oid>, updates: readonly RefUpdate[]): void {
  for (const { ref, to } of updates) {
    if (to === null) refs.delete(ref);
    else refs.set(ref, to);
  }
}

async function prime(state: State, signal: AbortSignal): Promise<void> {
  if (!state.primed) await applyEffects(state, signal);
  state.primed = true;
}

/** Only of what the last push carried: a pull request needs its branch on GitHub. */
async function applyEffects(state: State, signal: AbortSignal): Promise<void> {
  const { world, pushed } = state;
  const record = world.source.record();
  const visible = world.source.entries().slice(0, pushed.entries);
  const publications = readJournal(state, record, visible);
  if (publications === null) return;
  await world.effects.apply(record, publications, {
    signal,
    isLeftAlone: (branch) => state.leftAlone.has(refOfPlace(branch)),
    hasMoved: (branch) => hasMoved(state, refOfPlace(branch)),
  });
}

/** Looks where a branch is now; one that is not where we left it is left alone from then on. */
async function hasMoved({ world, pushed, leftAlone }: State, ref: string): Promise<boolean> {
  const now = (await world.mirror.remoteRefs(ref)).get(ref);
  if (now === pushed.refs.get(ref)) return false;
  leftAlone.add(ref);
  world.onLeftAlone(ref);
  return true;
}

/** After a refused push: a moved checkpoint means another driver; a moved branch is a person's wish and is respected. */
async function reread(
  { world, pushed, leftAlone }: State,
  { run, move }: { run: string; move: { ref: string; from: Oid | null } },
): Promise<void> {
  const states = await world.mirror.remoteRefs(move.ref);
  if ((states.get(move.ref) ?? null) !== move.from) {
    throw new Fenced(
      `Another process drives run ${run}: its checkpoint moved. This one stops and publishes nothing more.`,
    );
  }
  const branches = await workRefsOf(world.mirror, run);
  const moved = new Set([...pushed.refs.keys(), ...branches.keys()]);
  for (const ref of moved) {
    if (branches.get(ref) === pushed.refs.get(ref) || leftAlone.has(ref)) continue;
    leftAlone.add(ref);
    world.onLeftAlone(ref);
  }
}
