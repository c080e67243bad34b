// Brings a run's branches and checkpoint to GitHub: one atomic push a tick, then the effects that need the branches.

import type { Entry } from "../engine/journal.ts";
import type { Mirror } from "../repo/contract.ts";
import type { Oid } from "../repo/git-data.ts";
import { resultBranchOf } from "../repo/refs.ts";
import type { RefUpdate } from "../repo/remote.ts";
import type { Clock } from "../world/clock.ts";
import { commitCheckpoint } from "./checkpoint.ts";
import { type Effects, WORKER_PULLS_MAX } from "./effects.ts";
import { stateRefOf } from "./names.ts";
import type { Pacer } from "./pacer.ts";
import { patiently } from "./patience.ts";
import { type Publications, publicationsOf } from "./publications.ts";
import type { RunRecord } from "./record.ts";
import type { Seal } from "./seal.ts";
import type { RunFolder } from "./store.ts";

/** Another process has moved this run's checkpoint: this one stops and publishes nothing more. */
export class Fenced extends Error {
  override readonly name = "Fenced";
}

/** The run as its driver holds it; the publisher only reads. */
export interface RunSource {
  record(): RunRecord;
  script(): string | null;
  entries(): readonly Entry[];
}

export interface PublisherWorld {
  mirror: Mirror;
  seal: Seal;
  folder: RunFolder;
  clock: Clock;
  pacer: Pacer;
  effects: Effects;
  source: RunSource;
  /** What the remote holds already, when a run is taken up again. */
  known: PushedState;
  onWait: (ms: number, error: Error) => void;
  /** A branch of ours that somebody deleted or moved is left alone from then on. */
  onLeftAlone: (ref: string) => void;
}

/** What is on the remote, as far as this process knows. */
export interface PushedState {
  refs: Map<string, Oid>;
  state: Oid | null;
  segments: number;
  entries: number;
}

export interface Publisher {
  /** Pushes what is new and makes the effects that follow; nothing new is no push. */
  tick(signal: AbortSignal): Promise<void>;
  /** Ticks until nothing is owed. */
  flush(signal: AbortSignal): Promise<void>;
  /** From now on the run's own branch is what the signed commits made of it; no push touches it again. */
  releaseResult(): void;
}

export function openPublisher(world: PublisherWorld): Publisher {
  const pushed = world.known;
  const leftAlone = new Set<string>();
  let lastRecord: string | null = null;
  let busy: Promise<void> = Promise.resolve();

  const plan = (): Plan | null => {
    const record = world.source.record();
    // A copy: the journal grows while a push is under way, and only what went along counts as pushed.
    const entries = [...world.source.entries()];
    const publications = record.base === null ? null : publicationsOf(record.base.commit, entries);
    const branches = desiredBranches(record, publications, (id) =>
      world.effects.pulls.has(id),
    ).filter(({ ref }) => !leftAlone.has(ref));
    const updates = branches
      .filter(({ ref, to }) => pushed.refs.get(ref) !== to)
      .map(({ ref, to }): RefUpdate => ({ ref, from: pushed.refs.get(ref) ?? null, to }));
    const text = JSON.stringify(record);
    const isNew = updates.length > 0 || entries.length > pushed.entries || text !== lastRecord;
    return isNew ? { record, entries, updates, text } : null;
  };

  const push = async (signal: AbortSignal): Promise<boolean> => {
    if (plan() === null) return false;
    await world.pacer.turn(signal);
    // Planned again: what arrived during the wait goes along.
    const due = plan();
    if (due === null) return false;
    const { record, entries, updates, text } = due;
    const fresh = entries.slice(pushed.entries);
    const segment = pushed.segments + 1;
    const commit = await commitCheckpoint(world.mirror, world.seal, {
      parent: pushed.state,
      record,
      script: world.source.script(),
      entries: fresh,
      segment,
      at: world.clock.now(),
    });
    const state = { ref: stateRefOf(record.id), from: pushed.state, to: commit };
    if (!(await pushAll(world, [...updates, state], signal))) {
      await reread(world, { pushed, leftAlone, run: record.id, state });
      return true;
    }
    for (const { ref, to } of updates) if (to !== null) pushed.refs.set(ref, to);
    Object.assign(pushed, { state: commit, entries: entries.length, segments: fresh.length > 0 ? segment : pushed.segments });
    lastRecord = text;
    await world.folder.writePushed(commit);
    return true;
  };

  const effects = async (signal: AbortSignal): Promise<void> => {
    const record = world.source.record();
    if (record.base === null) return;
    // Only what the last push carried: a pull request needs its branch on GitHub.
    const visible = world.source.entries().slice(0, pushed.entries);
    await world.effects.apply(record, publicationsOf(record.base.commit, visible), signal);
  };

  /** A run taken up again must know its pull requests before it may decide where its own line stands. */
  let primed = pushed.state === null;
  const prime = async (signal: AbortSignal): Promise<void> => {
    if (!primed) await effects(signal);
    primed = true;
  };

  const exclusively = (work: () => Promise<void>): Promise<void> => {
    busy = busy.catch(() => undefined).then(work);
    return busy;
  };

  return {
    tick: (signal) =>
      exclusively(async () => {
        await prime(signal);
        if (await push(signal)) await effects(signal);
      }),
    flush: (signal) =>
      exclusively(async () => {
        await prime(signal);
        while (await push(signal)) await effects(signal);
        await effects(signal);
      }),
    releaseResult: () => {
      const { id } = world.source.record();
      leftAlone.add(branchRef(resultBranchOf(id)));
    },
  };
}

interface Plan {
  record: RunRecord;
  entries: readonly Entry[];
  updates: RefUpdate[];
  text: string;
}

const branchRef = (branch: string): string => `refs/heads/${branch}`;

/**
 * Branches a run shows: its own line as soon as there is a change, and one for each worker. A pull request must be opened
 * while its head is not yet in its base, so the run's own line waits at the first fold whose pull request is missing.
 */
export function desiredBranches(
  record: RunRecord,
  publications: Publications | null,
  hasPull: (change: string) => boolean,
): { ref: string; to: Oid }[] {
  if (publications === null || publications.workers.length === 0) return [];
  const { ledger, workers } = publications;
  const awaited = new Set(
    workers.slice(0, WORKER_PULLS_MAX).map(({ change }) => change.id).filter((id) => !hasPull(id)),
  );
  const stop = ledger.folds.findIndex(({ change }) => awaited.has(change));
  const visible = stop === -1 ? ledger.trunk : (ledger.folds[stop - 1]?.commit ?? ledger.base);
  return [
    { ref: branchRef(resultBranchOf(record.id)), to: visible },
    ...publications.workers.map(({ change }) => ({ ref: branchRef(change.branch), to: change.head })),
  ];
}

async function pushAll(
  world: PublisherWorld,
  updates: readonly RefUpdate[],
  signal: AbortSignal,
): Promise<boolean> {
  const result = await patiently({ clock: world.clock, signal, onWait: world.onWait }, () => world.mirror.push(updates));
  return result.kind === "pushed";
}

/** After a refused push: a moved checkpoint means another driver; a moved branch is a person's wish and is respected. */
async function reread(
  { mirror, onLeftAlone }: PublisherWorld,
  { pushed, leftAlone, run, state }: { pushed: PushedState; leftAlone: Set<string>; run: string; state: { ref: string; from: Oid | null } },
): Promise<void> {
  const states = await mirror.remoteRefs(state.ref);
  if ((states.get(state.ref) ?? null) !== state.from) {
    throw new Fenced(`Another process drives run ${run}: its checkpoint moved. This one stops and publishes nothing more.`);
  }
  const branches = await mirror.remoteRefs(`refs/heads/fanfold/${run}/`);
  for (const [ref, oid] of pushed.refs) {
    if (branches.get(ref) === oid) continue;
    leftAlone.add(ref);
    onLeftAlone(ref);
  }
  for (const ref of branches.keys()) {
    if (pushed.refs.has(ref)) continue;
    leftAlone.add(ref);
    onLeftAlone(ref);
  }
}
