// Brings a run's branches and checkpoint to GitHub: one atomic push a tick, then the effects that need the branches.

import type { Oid } from "../repo/git-data.ts";
import { branchRef, refOfPlace, resultBranchOf } from "../repo/refs.ts";
import { isPoisonous } from "./lease.ts";
import type { PublisherWorld } from "./publisher-world.ts";
import { sinceProof } from "./move-refs.ts";
import { pushNews, pushProof, pushRelease, pushTaking } from "./push-checkpoint.ts";
import { readJournal, type State } from "./push-plan.ts";
import type { RunRecord } from "./record.ts";

/** Everything that writes rejects with `Fenced` once another process was seen to drive the run. */
export interface Publisher {
  /** Takes the run for this process: nothing of it may be done before. */
  take(signal: AbortSignal): Promise<void>;
  /** Driver after driver died with this run, before it got any further. */
  isPoisonous(): boolean;
  /** Pushes what is new and makes the effects that follow; nothing new is no push. */
  tick(signal: AbortSignal): Promise<void>;
  /** Ticks until nothing is owed. */
  flush(signal: AbortSignal): Promise<void>;
  /** Keeps the run ours while there is nothing new to push. */
  renew(signal: AbortSignal): Promise<void>;
  /** Resolves when the run is ours beyond doubt, for as long as a request may take. */
  prove(): Promise<void>;
  /** Pushes what is new, with `change` to the record, and lets go of the run. */
  release(signal: AbortSignal, change?: Partial<RunRecord>): Promise<void>;
  /** Pushes what is new and lets go of a run that waits for people, who were told. */
  leaveAtRest(signal: AbortSignal): Promise<void>;
  /** Whether another process was seen to drive the run. */
  isFenced(): boolean;
  /** From now on the run's own branch is what the signed commits made of it; no push touches it again. */
  releaseResult(): void;
  /** Has the next push put a file beside the checkpoint, for people and other programs. */
  attach(path: string, text: string): void;
  /** The commit of the checkpoint as it was pushed last; null while there is none. */
  checkpoint(): Oid | null;
}

export function openPublisher(world: PublisherWorld): Publisher {
  const state = freshState(world);
  let busy: Promise<void> = Promise.resolve();
  const exclusively = (work: () => Promise<void>): Promise<void> => {
    busy = busy.catch(() => undefined).then(work);
    return busy;
  };
  const { ttlMs } = world.holder;
  return {
    take: (signal) => pushTaking(state, signal),
    isPoisonous: () => state.lease !== null && isPoisonous(state.lease),
    tick: (signal) =>
      exclusively(async () => {
        await prime(state, signal);
        if (await pushNews(state, signal)) await applyEffects(state, signal);
      }),
    flush: (signal) =>
      exclusively(async () => {
        await prime(state, signal);
        while (await pushNews(state, signal)) await applyEffects(state, signal);
        await applyEffects(state, signal);
      }),
    renew: async (signal) => {
      if (sinceProof(state) >= ttlMs / 3) await pushProof(state, ttlMs / 3, signal);
    },
    prove: async () => {
      if (state.fenced !== null) throw state.fenced;
      if (state.lease === null || sinceProof(state) >= ttlMs / 2)
        await pushProof(state, ttlMs / 2, new AbortController().signal);
    },
    release: (signal, change = {}) =>
      exclusively(() => pushRelease(state, { change, isAtRest: false }, signal)),
    leaveAtRest: (signal) =>
      exclusively(() => pushRelease(state, { change: {}, isAtRest: true }, signal)),
    isFenced: () => state.fenced !== null,
    releaseResult: () => {
      state.leftAlone.add(branchRef(resultBranchOf(world.source.record().id)));
    },
    attach: (path, text) => {
      state.beside = new Map([...state.beside, [path, Buffer.from(text)]]);
    },
    checkpoint: () => state.pushed.state,
  };
}

const freshState = (world: PublisherWorld): State => ({
  world,
  pushed: world.known,
  leftAlone: new Set(world.known.leftAlone),
  read: null,
  agentsAt: Number.NEGATIVE_INFINITY,
  beside: new Map(),
  primed: world.known.state === null,
  lease: null,
  proven: { monotonic: Number.NEGATIVE_INFINITY, now: Number.NEGATIVE_INFINITY },
  fenced: null,
  pushing: Promise.resolve(),
});

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
    isThere: (branch) => pushed.refs.has(refOfPlace(branch)),
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
