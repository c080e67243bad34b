// What the next push of a run carries: a reading of its journal beside what the remote has.

import { limits } from "../config/limits.ts";
import type { Entry } from "../engine/journal.ts";
import type { Oid } from "../repo/git-data.ts";
import { keptRefOf, refOfPlace } from "../repo/refs.ts";
import type { RefUpdate } from "../repo/remote.ts";
import { desiredBranches, type Shown } from "./branches.ts";
import { hasNews, keepsAgents } from "./kept-agents.ts";
import type { Fenced, Lease } from "./lease.ts";
import { type Publications, publicationsOf } from "./publications.ts";
import type { PublisherWorld, PushedState } from "./publisher-world.ts";
import type { RunRecord } from "./record.ts";

/** A publisher between two pushes. */
export interface State {
  world: PublisherWorld;
  pushed: PushedState;
  /** Refs that are no longer this process's to move. */
  leftAlone: Set<string>;
  /** As this process holds the run; null before it was taken and once it was let go of. */
  lease: Lease | null;
  /** When the last push that moved the checkpoint was sent, by both clocks. */
  proven: { monotonic: number; now: number };
  /** Set once another driver was seen. */
  fenced: Fenced | null;
  /** Settles when the push under way has ended. */
  pushing: Promise<unknown>;
  /** What the journal said when it had so many entries. */
  read: { entries: number; publications: Publications } | null;
  /** Files that the next push is to put beside the checkpoint. */
  beside: ReadonlyMap<string, Uint8Array>;
  /** When what agents said was last looked through. */
  agentsAt: number;
  /** A run taken up again must know its pull requests before it may decide where its own line stands. */
  primed: boolean;
}

/** One push: what is new, and where every ref shall stand after it. */
export interface Plan {
  record: RunRecord;
  entries: readonly Entry[];
  updates: RefUpdate[];
}

/** Null when the remote has everything; `change` is not in the run's record yet. */
export function planPush(state: State, change: Partial<RunRecord> = {}): Plan | null {
  const { world, pushed, leftAlone } = state;
  const record = { ...world.source.record(), ...change };
  // A copy: the journal grows while a push is under way, and only what went along counts as pushed.
  const entries = [...world.source.entries()];
  const publications = readJournal(state, record, entries);
  const shown: Shown = {
    hasPull: ({ id, branch }) => world.effects.pulls.has(id) || leftAlone.has(refOfPlace(branch)),
    hasReview: ({ branch }, key) =>
      world.effects.isPosted(key) || leftAlone.has(refOfPlace(branch)),
  };
  const desired = [
    ...desiredBranches(record, publications, shown),
    ...keptPlaces(state, record.id, publications),
  ];
  const moves: Pick<RefUpdate, "ref" | "to">[] = [...desired, ...strays(pushed, desired)];
  const updates = moves
    .filter(({ ref, to }) => !leftAlone.has(ref) && (pushed.refs.get(ref) ?? null) !== to)
    .map(({ ref, to }): RefUpdate => ({ ref, from: pushed.refs.get(ref) ?? null, to }));
  const isNew =
    updates.length > 0 ||
    state.beside.size > 0 ||
    entries.length > pushed.entries ||
    JSON.stringify(record) !== JSON.stringify(pushed.record);
  return isNew || owesAgents(state) ? { record, entries, updates } : null;
}

/**
 * The checkpoint speaks of these commits, and no branch holds them for whoever takes the run up on another machine: somebody
 * moved or deleted it.
 */
function keptPlaces(
  { leftAlone, pushed: { gone } }: State,
  run: string,
  publications: Publications | null,
): { ref: string; to: Oid }[] {
  return (publications?.workers ?? [])
    .map(({ change }) => change)
    .filter(({ branch, head }) => leftAlone.has(refOfPlace(branch)) && !gone.has(head))
    .map(({ branch, head }) => ({ ref: keptRefOf(run, branch), to: head }));
}

/**
 * What a driver that died had moved ahead of a checkpoint that never came: the journal does not know of it, so its work is
 * done again or not wanted any more.
 */
function strays(
  { refs, lease }: PushedState,
  desired: readonly { ref: string }[],
): { ref: string; to: null }[] {
  const named = new Set(desired.map(({ ref }) => ref));
  return Object.entries(lease?.moving ?? {})
    .filter(([ref, to]) => refs.get(ref) === to && !named.has(ref))
    .map(([ref]) => ({ ref, to: null }));
}

/** Where refs go that are moved, by name. */
export const placesOf = (updates: readonly RefUpdate[]): Lease["moving"] =>
  Object.fromEntries(updates.flatMap(({ ref, to }) => (to === null ? [] : [[ref, to]])));

export function noteMoved(refs: Map<string, Oid>, updates: readonly RefUpdate[]): void {
  for (const { ref, to } of updates) {
    if (to === null) refs.delete(ref);
    else refs.set(ref, to);
  }
}

/** A journal is read once for as long as nothing is added to it: reading a long one takes its time. */
export function readJournal(
  state: State,
  { base, settings }: RunRecord,
  entries: readonly Entry[],
): Publications | null {
  if (base === null) return null;
  if (state.read?.entries !== entries.length) {
    const publications = publicationsOf(base.commit, entries, settings);
    state.read = { entries: entries.length, publications };
  }
  return state.read.publications;
}

/** What agents at work have said is worth a push of its own, but not each time. */
function owesAgents({ world, pushed, agentsAt }: State): boolean {
  const { source, clock } = world;
  if (clock.now() - agentsAt < limits.publish.transcriptsMs) return false;
  return (
    keepsAgents(source.record()) && hasNews(pushed.agents, source.folder.transcripts.underWay())
  );
}
