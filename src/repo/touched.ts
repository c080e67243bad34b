// Where lines of work touch each other: whether two can be united by paths alone, or must be merged. Pure.

import { foldersAbove } from "./tree.ts";
import type { TreeDifference } from "./tree-diff.ts";

/** Everything that one side of a merge did, path by path; grows with `touch`. */
export interface Touched {
  /** Nobody knows what: it meets whatever it is held against. */
  everything: boolean;
  paths: Set<string>;
  /** Folders above what was touched. */
  folders: Set<string>;
  added: Set<string>;
  /** Folders above what was added, and above what was removed. */
  addedBelow: Set<string>;
  removedBelow: Set<string>;
}

export function nothingTouched(): Touched {
  return {
    everything: false,
    paths: new Set(),
    folders: new Set(),
    added: new Set(),
    addedBelow: new Set(),
    removedBelow: new Set(),
  };
}

/** Adds what a change did. */
export function touch(touched: Touched, differences: readonly TreeDifference[]): Touched {
  for (const { path, before, after } of differences) {
    touched.paths.add(path);
    const folders = foldersAbove(path);
    addAll(touched.folders, folders);
    if (before === null) {
      touched.added.add(path);
      addAll(touched.addedBelow, folders);
    }
    if (after === null) addAll(touched.removedBelow, folders);
  }
  return touched;
}

/**
 * Paths at which two sides meet; none: each side's files can be taken as they are, and git's merge would do the same. It
 * looks beyond equal paths in two cases. A file meets what stands in a folder of its name. And where one side both
 * removed and added files, git may take a whole folder for renamed, and moves along what the other side adds to it.
 */
export function meetings(one: Touched, other: Touched): string[] {
  if (one.everything || other.everything) return [...one.paths, ...other.paths, "*"];
  const [few, many] = one.paths.size <= other.paths.size ? [one, other] : [other, one];
  const met = [...few.paths].filter(
    (path) =>
      many.paths.has(path) ||
      many.folders.has(path) ||
      foldersAbove(path).some((folder) => many.paths.has(folder)),
  );
  return [...new Set([...met, ...movedAlong(few, many), ...movedAlong(many, few)])].sort();
}

/** What a side adds to folders that the other one may have renamed. */
function movedAlong(adding: Touched, moving: Touched): string[] {
  if (moving.added.size === 0 || moving.removedBelow.size === 0) return [];
  const [few, many] =
    adding.addedBelow.size <= moving.removedBelow.size
      ? [adding.addedBelow, moving.removedBelow]
      : [moving.removedBelow, adding.addedBelow];
  if (![...few].some((folder) => many.has(folder))) return [];
  return [...adding.added].filter((path) =>
    foldersAbove(path).some((folder) => moving.removedBelow.has(folder)),
  );
}

function addAll(set: Set<string>, items: readonly string[]): void {
  for (const item of items) set.add(item);
}
