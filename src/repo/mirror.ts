// The bare mirror of one repository on this disk: everything Fanfold knows about the repository goes through it.

import { utimes } from "node:fs/promises";

import { prepareBare } from "./bare.ts";
import { bringOrMend, commitOf, type Home, sourceOf } from "./bring.ts";
import type { CatFile } from "./cat-file.ts";
import { makeCommit, makeRawCommit } from "./commit.ts";
import type { Mirror } from "./contract.ts";
import { diffCommits } from "./diff.ts";
import { foldResolved } from "./fold-resolved.ts";
import { isAncestor, mergeBaseOf } from "./ancestry.ts";
import { foldAll } from "./fold.ts";
import { gitText } from "./git.ts";
import type { Oid } from "./git-data.ts";
import { openKeeper } from "./keeper.ts";
import { collisionsOf } from "./matrix.ts";
import { removeLeftLocks, tidyUp } from "./housekeeping.ts";
import { lastChange } from "./last-change.ts";
import { lineCounts } from "./line-counts.ts";
import { renames } from "./renames.ts";
import { withLock, type LockClock } from "./lock.ts";
import { type ObjectStore, openObjectStore } from "./object-store.ts";
import { openOverlay } from "./overlay.ts";
import { readFiles } from "./read-files.ts";
import type { GitRemote } from "./remote.ts";
import { replay } from "./replay.ts";
import { openSnapshot, type OpenSnapshot } from "./snapshot.ts";

export interface MirrorOptions {
  /** Where the bare repository is or will be; its parent is made when missing. */
  dir: string;
  remote: GitRemote;
  clock: LockClock;
}

const SNAPSHOTS_MAX = 32;

/**
 * Opens the mirror, making it on first use. All of the history is fetched: searches need every blob, and a filtered
 * clone answers each missing one with two requests. Several processes may share the folder.
 */
export async function openMirror(options: MirrorOptions): Promise<Mirror> {
  const { dir: gitDir, remote, clock } = options;
  const lock = { path: `${gitDir}.lock`, clock };
  const owesSalvage = await withLock(lock, async () => {
    const isReplaced = await prepareBare(gitDir);
    await removeLeftLocks(gitDir);
    await tidyUp(gitDir, clock.now());
    return isReplaced;
  });
  const store = openObjectStore(gitDir, `${gitDir}.text`);
  const { catFile } = store;
  const keep = openKeeper({ gitDir, inLock: (work) => withLock(lock, work) });
  const snapshots = openSnapshots(store);
  const home: Home = { gitDir, remote, owesSalvage, onReplaced: () => catFile.letGo() };
  const fetching = <T>(work: () => Promise<T>): Promise<T> =>
    withLock(lock, async () => {
      const found = await work();
      // Tells whoever clears the disk when this was used last.
      const now = new Date(clock.now());
      await utimes(gitDir, now, now);
      return found;
    });
  return {
    ...workOver(store),
    gitDir,
    fetch: (ref) =>
      fetching(async () => {
        const source = sourceOf(ref);
        const missing = await bringOrMend(home, [source]);
        return missing.has(source) ? null : await commitOf(home, source);
      }),
    fetchAll: (refs) =>
      fetching(async () => {
        if (refs.length > 0) await bringOrMend(home, [...new Set(refs.map(sourceOf))]);
      }),
    remoteRefs: (prefix) => remote.list(prefix),
    snapshot: async (commit) => {
      await mustHave(catFile, commit);
      return snapshots(commit);
    },
    overlay: (snapshot) => openOverlay(snapshots(snapshot.commit)),
    has: async (commit) => (await catFile.info(commit))?.type === "commit",
    tree: (commit) => gitText(["rev-parse", "--verify", "--quiet", `${commit}^{tree}`], { gitDir }),
    mergeBase: (a, b) => mergeBaseOf(gitDir, [a, b]),
    isAncestor: (ancestor, descendant) => isAncestor(gitDir, { ancestor, descendant }),
    keep,
    push: (updates) => remote.push(gitDir, updates),
    commitFiles: (commit) => makeRawCommit(store, commit),
    [Symbol.asyncDispose]: () => store[Symbol.asyncDispose](),
  };
}

type Work = Pick<
  Mirror,
  | "commit"
  | "fold"
  | "foldAll"
  | "foldResolved"
  | "collisions"
  | "replay"
  | "diff"
  | "lineCounts"
  | "renames"
  | "lastChange"
  | "readFiles"
>;

/** What is made of objects that are here, with an eye on damage. */
function workOver(store: ObjectStore): Work {
  const { gitDir } = store;
  const watching = <T>(reading: Promise<T>): Promise<T> => store.watching(reading);
  return {
    commit: (commit) => watching(makeCommit(store, commit)),
    fold: async ({ theirs, message, ...asked }) => {
      const changes = [{ theirs, message }];
      const { results } = await watching(foldAll(store, { ...asked, changes }));
      return results[0] ?? { kind: "nothing-to-fold" };
    },
    foldAll: (asked) => watching(foldAll(store, asked)),
    foldResolved: (asked) => watching(foldResolved(store, asked)),
    collisions: (changes) => watching(collisionsOf(store, changes)),
    replay: (asked) => watching(replay(store, asked)),
    diff: (from, to) => watching(diffCommits(gitDir, { from, to })),
    lineCounts: (from, to) => watching(lineCounts(gitDir, { from, to })),
    renames: (from, to) => watching(renames(gitDir, { from, to })),
    lastChange: (commit, lines) => watching(lastChange(gitDir, { commit, lines })),
    readFiles: (commit) => watching(readFiles(store, commit)),
  };
}

/** Snapshots are shared, since each holds the list of its files; the ones used last are kept. */
function openSnapshots(store: ObjectStore): (commit: Oid) => OpenSnapshot {
  const opened = new Map<Oid, OpenSnapshot>();
  return (commit) => {
    const snapshot = opened.get(commit) ?? openSnapshot(store, commit);
    opened.delete(commit);
    opened.set(commit, snapshot);
    const [oldest] = opened.keys();
    if (opened.size > SNAPSHOTS_MAX && oldest !== undefined) opened.delete(oldest);
    return snapshot;
  };
}

async function mustHave(catFile: CatFile, commit: Oid): Promise<void> {
  const found = await catFile.info(commit);
  if (found?.type === "commit") return;
  throw new Error(`The mirror has no commit ${commit}. Fetch its branch first.`);
}
