// Folds in a change whose conflicts somebody has resolved: git's merge, with the resolved texts where it left conflicts.

import { isDeepStrictEqual } from "node:util";

import { changeOf } from "./fold.ts";
import type { Conflict, Identity, Oid, TextEdit } from "./git-data.ts";
import type { TreeChange } from "./importer.ts";
import { mergeEach } from "./merge-tree.ts";
import type { ObjectStore } from "./object-store.ts";
import { diffTrees } from "./tree-diff.ts";
import { inBytes, itemAt } from "./tree-reader.ts";

export interface Resolved {
  ours: Oid;
  theirs: Oid;
  /** What was resolved: the conflicts as they were shown. */
  conflicts: readonly Conflict[];
  /** A text for each of their paths; null removes it. */
  resolved: readonly TextEdit[];
  message: string;
  author: Identity;
  at: number;
}

/** Null when the conflicts are not exactly those that were resolved, or the texts are not for exactly their paths. */
export async function foldResolved(
  store: ObjectStore,
  { ours, theirs, conflicts, resolved, ...commit }: Resolved,
): Promise<{ commit: Oid; tree: Oid } | null> {
  const [merged] = await mergeEach(store, { ours, theirs: [theirs] });
  if (merged?.kind !== "conflicted" || merged.tree === null) return null;
  if (!isDeepStrictEqual(merged.conflicts, conflicts)) return null;
  const asked = merged.conflicts.map(({ path }) => path).toSorted();
  const given = resolved.map(({ path }) => path).toSorted();
  // A name that is no text cannot be told from another one that is none.
  if (!isDeepStrictEqual(asked, given) || asked.some((path) => path.includes("\uFFFD")))
    return null;
  const from = await store.trees.treeOf(ours);
  const open = new Set(asked.map(inBytes));
  const did = (await diffTrees(store.trees, { from, to: merged.tree })).filter(
    ({ path }) => !open.has(path),
  );
  const texts = resolved.map((edit) => putOf(store, { tree: merged.tree ?? from, edit }));
  const oid = await store.importer.one({
    ...commit,
    parents: [ours, theirs],
    changes: [...did.map(changeOf), ...(await Promise.all(texts))],
  });
  return { commit: oid, tree: await store.trees.treeOf(oid) };
}

async function putOf(
  { trees }: ObjectStore,
  { tree, edit: { path: name, content } }: { tree: Oid; edit: TextEdit },
): Promise<TreeChange> {
  const path = Buffer.from(name);
  if (content === null) return { kind: "delete", path };
  const item = await itemAt(trees, { tree, path: name });
  const mode = item?.mode === "100755" ? "100755" : "100644";
  return { kind: "put", path, mode, bytes: Buffer.from(content, "utf8") };
}
