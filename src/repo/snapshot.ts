// A repository at one commit, read from the mirror's objects: nothing is checked out.

import type { Readable, Snapshot } from "./contract.ts";
import type { FileContent, Oid, TreeEntry } from "./git-data.ts";
import type { ObjectStore } from "./object-store.ts";
import { tidyPath } from "./path-gate.ts";
import { matcherOf, sortPaths } from "./paths.ts";
import { searchTexts } from "./search.ts";
import { decodeText, TEXT_BYTES_MAX } from "./text.ts";
import { listTree } from "./tree.ts";

const LINK_BYTES_MAX = 4_096;

/** What is behind a snapshot, for the overlay: entries by path, and why a file is no text. */
export interface OpenSnapshot extends Snapshot {
  readonly store: ObjectStore;
  entry(path: string): Promise<TreeEntry | null>;
  /** What an entry of this repository holds, wherever it stands. */
  readEntry(entry: TreeEntry): Promise<FileContent>;
  /** A search in which these texts stand for what the commit holds at their paths; null: nothing stands there. */
  searchWith(
    edited: ReadonlyMap<string, string | null>,
    ...asked: Parameters<Readable["search"]>
  ): ReturnType<Readable["search"]>;
}

/** Opens a commit that the repository has; the tree is read once, when first asked for. */
export function openSnapshot(store: ObjectStore, commit: Oid): OpenSnapshot {
  let listed: Promise<Tree> | null = null;
  const tree = (): Promise<Tree> => {
    listed ??= store.watching(readTree(store, commit));
    // A failed reading is tried again by whoever asks next.
    listed.catch(() => (listed = null));
    return listed;
  };
  const entry = async (path: string): Promise<TreeEntry | null> => {
    const { byPath } = await tree();
    return byPath.get(path) ?? byPath.get(tidyPath(path)) ?? null;
  };
  const searchWith: OpenSnapshot["searchWith"] = async (edited, pattern, options) => {
    const { entries, pathsOf } = await tree();
    return store.watching(
      searchTexts({ texts: store.texts, entries, pathsOf, edited, pattern, options }),
    );
  };
  return {
    store,
    commit,
    entry,
    readEntry: (found) => store.watching(readEntry(store, found)),
    entries: async () => (await tree()).entries,
    paths: async (glob) => {
      const { files } = await tree();
      return glob === undefined ? [...files] : files.filter(matcherOf(glob));
    },
    read: async (path) => {
      const found = await entry(path);
      return found && store.watching(readEntry(store, found));
    },
    search: (pattern, options) => searchWith(new Map(), pattern, options),
    searchWith,
  };
}

interface Tree {
  entries: readonly TreeEntry[];
  byPath: ReadonlyMap<string, TreeEntry>;
  files: readonly string[];
  pathsOf: (oid: Oid) => readonly string[];
}

async function readTree(store: ObjectStore, commit: Oid): Promise<Tree> {
  const entries = await listTree(store.gitDir, commit);
  return {
    entries,
    byPath: new Map(entries.map((entry) => [entry.path, entry])),
    files: sortPaths(entries.filter(isFile).map((entry) => entry.path)),
    pathsOf: pathsByBlob(entries),
  };
}

/** Equal files are one blob; put in order when first asked. */
function pathsByBlob(entries: readonly TreeEntry[]): (oid: Oid) => readonly string[] {
  let groups: Map<Oid, TreeEntry[]> | null = null;
  return (oid) => {
    groups ??= Map.groupBy(entries.filter(isFile), (entry) => entry.oid);
    return (groups.get(oid) ?? []).map(({ path }) => path);
  };
}

export const isFile = (entry: TreeEntry): boolean =>
  entry.mode === "100644" || entry.mode === "100755";

/** What stands in an entry, as text or as the reason why there is none. */
export async function readEntry(store: ObjectStore, entry: TreeEntry): Promise<FileContent> {
  const size = entry.size ?? 0;
  if (entry.mode === "160000") return { kind: "submodule", commit: entry.oid };
  if (size > TEXT_BYTES_MAX) return { kind: "too-large", size };
  const object = await store.catFile.contents(entry.oid);
  if (object === null) throw new Error(`The mirror lacks ${entry.oid}, which ${entry.path} needs.`);
  if (entry.mode === "120000") {
    return { kind: "link", target: object.bytes.toString("utf8", 0, LINK_BYTES_MAX) };
  }
  const decoded = decodeText(object.bytes);
  return decoded.kind === "text" ? decoded : { kind: "binary", size };
}
