// What a line of commits did since each commit that changes began at; kept up as the line grows.

import type { Oid } from "./git-data.ts";
import { nothingTouched, touch, type Touched } from "./touched.ts";
import { diffTrees, type TreeDifference } from "./tree-diff.ts";
import type { TreeReader } from "./tree-reader.ts";

export interface SinceBase {
  of(base: Oid): Promise<Touched>;
  /** The line grew by this. */
  add(did: readonly TreeDifference[]): void;
}

/** Starts with the line as it stands at `start`. */
export function openSinceBase(trees: TreeReader, start: Oid): SinceBase {
  const history: (readonly TreeDifference[])[] = [];
  const known = new Map<Oid, Touched>();
  return {
    of: async (base) => {
      const found = known.get(base);
      if (found !== undefined) return found;
      const touched = touch(
        nothingTouched(),
        await diffCommitTrees(trees, { from: base, to: start }),
      );
      for (const did of history) touch(touched, did);
      known.set(base, touched);
      return touched;
    },
    add: (did) => {
      history.push(did);
      for (const touched of known.values()) touch(touched, did);
    },
  };
}

/** Every difference between the trees of two commits. */
export async function diffCommitTrees(
  trees: TreeReader,
  { from, to }: { from: Oid; to: Oid },
): Promise<TreeDifference[]> {
  return diffTrees(trees, { from: await trees.treeOf(from), to: await trees.treeOf(to) });
}
