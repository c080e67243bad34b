// Makes commits of edits and of raw files; decides what may be changed, and leaves the writing to the importer.

import { PathRefused } from "./contract.ts";
import type { Edit, Identity, NewCommit, Oid } from "./git-data.ts";
import type { TreeChange } from "./importer.ts";
import { checkPath } from "./path-gate.ts";
import type { ObjectStore } from "./object-store.ts";
import { foldersAbove, listTree } from "./tree.ts";
import { blobOidOf } from "./made.ts";
import type { TreeDifference } from "./tree-diff.ts";
import { FOLDER_MODE, itemsAt, type TreeItem } from "./tree-reader.ts";

/**
 * Edits on top of a parent as one commit; the same input gives the same id. Keeps the executable bit of files that had
 * it. Refuses paths that the gate refuses and every change of a link, a submodule or what lies below one.
 */
export async function makeCommit(store: ObjectStore, commit: NewCommit): Promise<Oid> {
  const paths = commit.edits.map((edit) => checkPath(edit.path));
  const items = await itemsAt(store.trees, { commit: commit.parent, paths });
  const modes = new Map([...items].map(([path, { mode }]) => [path, mode]));
  const removed = removedBy(commit);
  await checkFolders(store.gitDir, { commit, modes });
  const changes = commit.edits.map((edit, index): TreeChange => {
    const name = paths[index] ?? "";
    checkPlace(name, { modes, removed });
    return changeBy(edit, { path: Buffer.from(name), mode: modes.get(name) });
  });
  const parents = [commit.parent, ...(commit.alsoParent === undefined ? [] : [commit.alsoParent])];
  const oid = await store.importer.one({ ...commit, parents, changes });
  if (new Set(paths).size === paths.length) {
    const did = changes.flatMap((change, at) => differenceOf(change, items.get(paths[at] ?? "")));
    store.made.note(oid, { parent: commit.parent, did });
  }
  return oid;
}

const removedBy = ({ edits }: NewCommit): Set<string> =>
  new Set(edits.filter((edit) => "content" in edit && edit.content === null).map((e) => e.path));

/** A text keeps the mode of the file that was moved to its place, else of the one that stood there. */
function changeBy(edit: Edit, at: { path: Buffer; mode: string | undefined }): TreeChange {
  const { path } = at;
  if ("moved" in edit) return { kind: "point", path, mode: edit.moved.mode, oid: edit.moved.oid };
  if (edit.content === null) return { kind: "delete", path };
  const mode = (edit.from?.mode ?? at.mode) === "100755" ? "100755" : "100644";
  return { kind: "put", path, mode, bytes: Buffer.from(edit.content, "utf8") };
}

/** None where the edit leaves what was there. */
function differenceOf(change: TreeChange, item: TreeItem | undefined): TreeDifference[] {
  const path = change.path.toString("latin1");
  const before = item === undefined || item.mode === FOLDER_MODE ? null : item;
  const after = afterOf(change);
  const isSame = before?.oid === after?.oid && before?.mode === after?.mode;
  return isSame ? [] : [{ path, before, after }];
}

function afterOf(change: TreeChange): TreeDifference["after"] {
  switch (change.kind) {
    case "put":
      return { mode: change.mode, oid: blobOidOf(change.bytes) };
    case "point":
      return { mode: change.mode, oid: change.oid };
    case "delete":
      return null;
  }
}

/** Raw files on top of a parent, or as a history's first commit. */
export function makeRawCommit(
  { importer }: ObjectStore,
  commit: {
    parent: Oid | null;
    files: ReadonlyMap<string, Uint8Array>;
    removed?: readonly string[];
    message: string;
    author: Identity;
    at: number;
  },
): Promise<Oid> {
  const tidy = (path: string): Buffer => {
    if (checkPath(path) !== path) throw new PathRefused(`${JSON.stringify(path)} is not tidy.`);
    return Buffer.from(path);
  };
  const changes: TreeChange[] = [
    ...(commit.removed ?? []).map((path) => ({ kind: "delete" as const, path: tidy(path) })),
    ...[...commit.files].map(([path, bytes]): TreeChange => ({
      kind: "put",
      path: tidy(path),
      mode: "100644",
      bytes,
    })),
  ];
  const parents = commit.parent === null ? [] : [commit.parent];
  return importer.one({ ...commit, parents, changes });
}

function checkPlace(
  path: string,
  { modes, removed }: { modes: ReadonlyMap<string, string>; removed: ReadonlySet<string> },
): void {
  const mode = modes.get(path);
  if (mode === "120000" || mode === "160000") {
    const what = mode === "120000" ? "symbolic link" : "submodule";
    throw new PathRefused(`${JSON.stringify(path)} is a ${what}; those are shown, never changed.`);
  }
  const blocked = foldersAbove(path).find((folder) => {
    const above = modes.get(folder);
    return above !== undefined && above !== "040000" && !removed.has(folder);
  });
  if (blocked === undefined) return;
  throw new PathRefused(
    `${JSON.stringify(path)} cannot be made: ${JSON.stringify(blocked)} is no folder but a file or a link.`,
  );
}

/** A file may take the place of a folder only when the same edits remove everything in it. */
async function checkFolders(
  gitDir: string,
  { commit, modes }: { commit: NewCommit; modes: ReadonlyMap<string, string> },
): Promise<void> {
  const folders = commit.edits
    .map((edit) => edit.path)
    .filter((path) => modes.get(path) === "040000");
  if (folders.length === 0) return;
  const removed = removedBy(commit);
  const left = (await listTree(gitDir, commit.parent)).filter((entry) => !removed.has(entry.path));
  const kept = folders.find((folder) => left.some((entry) => entry.path.startsWith(`${folder}/`)));
  if (kept === undefined) return;
  throw new PathRefused(`${JSON.stringify(kept)} is a folder: name the files in it one by one.`);
}
