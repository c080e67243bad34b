// Decides whether a path can be written where a repository and its unsaved edits stand now.

import { foldCase } from "./case-twins.ts";
import { PathRefused } from "./contract.ts";
import type { OpenSnapshot } from "./snapshot.ts";
import { foldersAbove } from "./tree.ts";

export interface Places {
  base: OpenSnapshot;
  /** What differs from the base; null: removed. */
  edited: ReadonlyMap<string, unknown>;
}

/**
 * Refuses with `PathRefused`: links and submodules, anything below a file or a link, a file where a folder is, and names
 * that differ from an existing one only in case (they are one file on many disks).
 */
export async function checkPlaceFor(places: Places, path: string): Promise<void> {
  if (await isEditable(places, path)) return;
  for (const folder of foldersAbove(path)) await checkFolder(places, { folder, path });
  const now = await indexOf(places);
  if (now.folders.has(path)) {
    refuse(path, `${JSON.stringify(path)} is a folder. Name a file in it`);
  }
  for (const name of [...foldersAbove(path), path]) {
    if (now.files.has(name) || now.folders.has(name)) continue;
    const twin = now.byFoldedName.get(foldCase(name));
    if (twin === undefined) continue;
    refuse(
      path,
      `it differs from ${JSON.stringify(twin)} only in upper and lower case. Use that name`,
    );
  }
}

/** A file that stands there already needs no further look. */
async function isEditable({ base, edited }: Places, path: string): Promise<boolean> {
  const content = edited.get(path);
  if (content !== undefined) return content !== null;
  const mode = (await base.entry(path))?.mode;
  if (mode === "120000") refuse(path, "it is a symbolic link; links are shown, never changed");
  if (mode === "160000") refuse(path, "it is a submodule; submodules are shown, never changed");
  return mode !== undefined;
}

async function checkFolder(
  { base, edited }: Places,
  { folder, path }: { folder: string; path: string },
): Promise<void> {
  const content = edited.get(folder);
  if (content === null) return;
  if (content === undefined && (await base.entry(folder)) === null) return;
  refuse(path, `${JSON.stringify(folder)} is a file or a link, and nothing can be below it`);
}

interface Index {
  files: Set<string>;
  folders: Set<string>;
  byFoldedName: Map<string, string>;
}

const baseIndexes = new WeakMap<OpenSnapshot, Index>();

/** Names as they stand now. The base's own are computed once; edits are few. */
async function indexOf({ base, edited }: Places): Promise<Index> {
  const known = baseIndexes.get(base) ?? indexNames((await base.entries()).map(({ path }) => path));
  baseIndexes.set(base, known);
  const removed = [...edited].filter(([, content]) => content === null).map(([path]) => path);
  const made = [...edited].filter(([, content]) => content !== null).map(([path]) => path);
  if (removed.length > 0) {
    const gone = new Set(removed);
    return indexNames([...[...known.files].filter((path) => !gone.has(path)), ...made]);
  }
  if (made.length === 0) return known;
  const own = indexNames(made);
  return {
    files: new Set([...known.files, ...own.files]),
    folders: new Set([...known.folders, ...own.folders]),
    byFoldedName: new Map([...known.byFoldedName, ...own.byFoldedName]),
  };
}

function indexNames(paths: readonly string[]): Index {
  const files = new Set(paths);
  const folders = new Set(paths.flatMap(foldersAbove));
  const byFoldedName = new Map<string, string>();
  for (const name of [...folders, ...files]) byFoldedName.set(foldCase(name), name);
  return { files, folders, byFoldedName };
}

function refuse(path: string, why: string): never {
  throw new PathRefused(`${JSON.stringify(path)} cannot be written: ${why}.`);
}
