// What differs between two trees, by single trees only: cost grows with what changed, not with the repository.

import type { Oid } from "./git-data.ts";
import { FOLDER_MODE, type Tree, type TreeItem, type TreeReader } from "./tree-reader.ts";

/** One file, link or submodule that differs. */
export interface TreeDifference {
  /** The bytes of the path, one character each. */
  path: string;
  /** Null: it is not there. */
  before: TreeItem | null;
  after: TreeItem | null;
}

/** Every difference, in no promised order; a folder is told by what is in it. */
export function diffTrees(
  reader: TreeReader,
  { from, to }: { from: Oid; to: Oid },
): Promise<TreeDifference[]> {
  return below(reader, { prefix: "", from, to });
}

interface Pair {
  prefix: string;
  from: Oid | null;
  to: Oid | null;
}

async function below(reader: TreeReader, { prefix, from, to }: Pair): Promise<TreeDifference[]> {
  if (from === to) return [];
  const [before, after] = await Promise.all([itemsOf(reader, from), itemsOf(reader, to)]);
  const names = new Set([...before.keys(), ...after.keys()]);
  const differing = [...names]
    .map((name) => ({
      path: prefix + name,
      before: before.get(name) ?? null,
      after: after.get(name) ?? null,
    }))
    .filter((pair) => !isSame(pair.before, pair.after));
  const files = differing
    .map((pair) => ({ ...pair, before: fileOf(pair.before), after: fileOf(pair.after) }))
    .filter((file) => file.before !== null || file.after !== null);
  const folders = differing
    .map((pair) => ({
      prefix: `${pair.path}/`,
      from: folderOf(pair.before),
      to: folderOf(pair.after),
    }))
    .map((folder) => below(reader, folder));
  return [...files, ...(await Promise.all(folders)).flat()];
}

const isSame = (one: TreeItem | null, other: TreeItem | null): boolean =>
  one?.oid === other?.oid && one?.mode === other?.mode;

const itemsOf = async (reader: TreeReader, tree: Oid | null): Promise<Tree> =>
  tree === null ? new Map() : reader.items(tree);

const folderOf = (item: TreeItem | null): Oid | null =>
  item?.mode === FOLDER_MODE ? item.oid : null;

const fileOf = (item: TreeItem | null): TreeItem | null =>
  item === null || item.mode === FOLDER_MODE ? null : item;
