// Three-way merges of whole files: enough to have changes that go together and changes that do not.

import type { Conflict } from "../../../src/repo/git-data.ts";
import type { TreeDifference } from "../../../src/repo/tree-diff.ts";
import type { Leaf, Objects, Tree } from "./objects.ts";

export interface Sides {
  base: Tree;
  ours: Tree;
  theirs: Tree;
}

/** The united tree, with our side where both changed a file, and those files as conflicts. */
export function mergeTrees(
  objects: Objects,
  { base, ours, theirs }: Sides,
): { tree: Tree; conflicts: Conflict[] } {
  const tree = new Map(ours);
  const conflicts: Conflict[] = [];
  for (const path of [...new Set([...base.keys(), ...theirs.keys()])].sort()) {
    const [was, mine, other] = [base.get(path), ours.get(path), theirs.get(path)];
    if (same(other, was) || same(other, mine)) continue;
    if (!same(mine, was)) {
      const [before, here, there] = [was, mine, other].map((leaf) => textOf(objects, leaf));
      const sides = { base: before ?? null, ours: here ?? null, theirs: there ?? null };
      const isWhole = before != null && here != null && there != null;
      const hunks = isWhole ? [{ line: 1, base: before, ours: here, theirs: there }] : [];
      conflicts.push({ kind: "text", path, ...sides, hunks });
    } else if (other === undefined) tree.delete(path);
    else tree.set(path, other);
  }
  return { tree, conflicts };
}

/** What differs, as the house's own comparisons tell it. */
export function differences(from: Tree, to: Tree): TreeDifference[] {
  const paths = [...new Set([...from.keys(), ...to.keys()])].sort();
  return paths
    .filter((path) => !same(from.get(path), to.get(path)))
    .map((path) => ({ path, before: itemOf(from.get(path)), after: itemOf(to.get(path)) }));
}

/** Of the same text alone. */
export function renamesBetween(from: Tree, to: Tree): Map<string, string> {
  const all = differences(from, to);
  const fresh = all.filter(({ before }) => before === null);
  const found = new Map<string, string>();
  for (const { path, before, after } of all) {
    if (before === null || after !== null) continue;
    const there = fresh.find((each) => each.after?.oid === before.oid);
    if (there !== undefined) found.set(path, there.path);
  }
  return found;
}

const itemOf = (leaf: Leaf | undefined): TreeDifference["after"] =>
  leaf === undefined ? null : { mode: leaf.mode, oid: leaf.blob };

const same = (one: Leaf | undefined, other: Leaf | undefined): boolean =>
  one?.blob === other?.blob && one?.mode === other?.mode;

const textOf = (objects: Objects, leaf: Leaf | undefined): string | null =>
  leaf === undefined ? null : objects.text(leaf.blob);
