// The bare mirror of one repository on this disk: everything Fanfold knows about the repository goes through it.

import { createHash } from "node:crypto";
import { utimes } from "node:fs/promises";
import { setTimeout as sleepMs } from "node:timers/promises";

import { isDamage, prepareBare, setAside } from "./bare.ts";
import type { CatFile } from "./cat-file.ts";
import { makeCommit, makeRawCommit } from "./commit.ts";
import type { Mirror } from "./contract.ts";
import { diffCommits } from "./diff.ts";
import { foldResolved } from "./fold-resolved.ts";
import { foldAll, isAncestor, mergeBaseOf } from "./fold.ts";
import { gitText } from "./git.ts";
import type { Oid } from "./git-data.ts";
import { openKeeper } from "./keeper.ts";
import { collisionsOf } from "./matrix.ts";
import { removeLeftLocks, tidyUp } from "./housekeeping.ts";
import { lastChange } from "./last-change.ts";
import { lineCounts } from "./line-counts.ts";
import { withLock, type LockClock } from "./lock.ts";
import { type ObjectStore, openObjectStore } from "./object-store.ts";
import { openOverlay } from "./overlay.ts";
import { isRefName } from "./ref-name.ts";
import { RemoteError, type GitRemote } from "./remote.ts";
import { replay } from "./replay.ts";
import { openSnapshot, type OpenSnapshot } from "./snapshot.ts";
import { listTree } from "./tree.ts";

export interface MirrorOptions {
  /** Where the bare repository is or will be; its parent is made when missing. */
  dir: string;
  remote: GitRemote;
  clock?: LockClock;
}

const SNAPSHOTS_MAX = 32;
const READ_BYTES_MAX = 256 * 1024 * 1024;
const OID = /^[0-9a-f]{40}$/;
const realClock: LockClock = { now: () => Date.now(), sleep: (ms) => sleepMs(ms) };

/**
 * Opens the mirror, making it on first use. All of the history is fetched: searches need every blob, and a filtered
 * clone answers each missing one with two requests. Several processes may share the folder.
 */
export async function openMirror(options: MirrorOptions): Promise<Mirror> {
  const { dir: gitDir, remote, clock = realClock } = options;
  const lock = { path: `${gitDir}.lock`, clock };
  await withLock(lock, async () => {
    await prepareBare(gitDir);
    await removeLeftLocks(gitDir);
    await tidyUp(gitDir, clock.now());
  });
  const store = openObjectStore(gitDir, `${gitDir}.text`);
  const { catFile } = store;
  const keep = openKeeper({ gitDir, inLock: (work) => withLock(lock, work) });
  const snapshots = openSnapshots(store);
  return {
    gitDir,
    fetch: (ref) =>
      withLock(lock, async () => {
        const found = await fetchRef({ gitDir, remote }, ref);
        // Tells whoever clears the disk when this was used last.
        const now = new Date(clock.now());
        await utimes(gitDir, now, now);
        return found;
      }),
    remoteRefs: (prefix) => remote.list(prefix),
    snapshot: async (commit) => {
      await mustHave(catFile, commit);
      return snapshots(commit);
    },
    overlay: (snapshot) => openOverlay(snapshots(snapshot.commit)),
    has: async (commit) => (await catFile.info(commit))?.type === "commit",
    commit: (commit) => makeCommit(store, commit),
    fold: async ({ theirs, message, ...asked }) => {
      const { results } = await foldAll(store, { ...asked, changes: [{ theirs, message }] });
      return results[0] ?? { kind: "nothing-to-fold" };
    },
    foldAll: (asked) => foldAll(store, asked),
    foldResolved: (asked) => foldResolved(store, asked),
    collisions: (changes) => collisionsOf(store, changes),
    replay: (asked) => replay(store, asked),
    diff: (from, to) => diffCommits(gitDir, { from, to }),
    lineCounts: (from, to) => lineCounts(gitDir, { from, to }),
    lastChange: (commit, lines) => lastChange(gitDir, { commit, lines }),
    tree: (commit) => gitText(["rev-parse", "--verify", "--quiet", `${commit}^{tree}`], { gitDir }),
    mergeBase: (a, b) => mergeBaseOf(gitDir, [a, b]),
    isAncestor: (ancestor, descendant) => isAncestor(gitDir, { ancestor, descendant }),
    keep,
    push: (updates) => remote.push(gitDir, updates),
    commitFiles: (commit) => makeRawCommit(store, commit),
    readFiles: (commit) => readFiles(store, commit),
    [Symbol.asyncDispose]: () => store[Symbol.asyncDispose](),
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

interface Home {
  gitDir: string;
  remote: GitRemote;
}

async function fetchRef(home: Home, ref: string): Promise<Oid | null> {
  try {
    return await bring(home, ref);
  } catch (error) {
    if (!isDamage(error)) throw error;
    await setAside(home.gitDir);
    await prepareBare(home.gitDir);
    return bring(home, ref);
  }
}

/**
 * The local name is a hash: on the remote `a` may give way to `a/b`, and git cannot hold both at once.
 */
async function bring({ gitDir, remote }: Home, asked: string): Promise<Oid | null> {
  const source = OID.test(asked) || asked.startsWith("refs/") ? asked : `refs/heads/${asked}`;
  if (!OID.test(source) && !isRefName(source)) {
    throw new RemoteError(`${JSON.stringify(asked)} is no name of a branch or ref.`, {
      transient: false,
    });
  }
  const local = `refs/mirrored/${createHash("sha256").update(source).digest("hex").slice(0, 40)}`;
  try {
    await remote.fetch(gitDir, [`+${source}:${local}`]);
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
  return gitText(["rev-parse", "--verify", "--quiet", `${local}^{commit}`], { gitDir });
}

const isMissing = (error: unknown): boolean =>
  error instanceof RemoteError && /couldn't find remote ref|not our ref/.test(error.message);

async function readFiles(
  { gitDir, catFile }: ObjectStore,
  commit: Oid,
): Promise<Map<string, Uint8Array>> {
  const entries = (await listTree(gitDir, commit)).filter((entry) => entry.size !== null);
  const bytes = entries.reduce((sum, entry) => sum + (entry.size ?? 0), 0);
  if (bytes > READ_BYTES_MAX) {
    throw new Error(
      `Commit ${commit} holds ${bytes} bytes; ${READ_BYTES_MAX} at most are read at once.`,
    );
  }
  const files = await Promise.all(
    entries.map(async ({ path, oid }) => {
      const object = await catFile.contents(oid);
      if (object === null) throw new Error(`The mirror lacks ${oid}, which ${path} needs.`);
      return [path, object.bytes] as const;
    }),
  );
  return new Map(files);
}
