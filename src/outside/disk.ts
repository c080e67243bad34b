// The data folder on the machine's own disk.

import { mkdir, open, readdir, readFile, rename, rm, truncate, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";

import type { Disk } from "../world/disk.ts";

/** Opens the folder; it is made when something is put into it. `root` is an absolute path. */
export function openFolderDisk(root: string): Disk {
  const at = (path: string): string => join(root, path);
  const inTurn = openTurns();
  return {
    read: (path) => unlessMissing(() => readFile(at(path)), null),
    list: async (folder) => (await unlessMissing(() => readdir(at(folder)), [])).sort(),
    replace: async (path, content) => {
      const temporary = join(dirname(at(path)), `.${basename(path)}.new`);
      await inFolder(temporary, () => writeFile(temporary, content, { flush: true }));
      await rename(temporary, at(path));
    },
    append: async (path, content) => {
      await inTurn(path, () => appendWhole(at(path), content));
    },
    truncate: (path, bytes) => truncate(at(path), bytes),
    remove: (path) => rm(at(path), { recursive: true, force: true }),
  };
}

/** All of it or nothing: a torn line would spoil the one that is appended next. */
async function appendWhole(path: string, content: string | Uint8Array): Promise<void> {
  await using file = await inFolder(path, () => open(path, "a"));
  const { size } = await file.stat();
  try {
    await file.appendFile(content);
    await file.datasync();
  } catch (error) {
    await file.truncate(size);
    throw error;
  }
}

/** One after the other for each file, so that taking one back takes no other along. */
function openTurns(): (path: string, work: () => Promise<void>) => Promise<void> {
  const last = new Map<string, Promise<void>>();
  return (path, work) => {
    const mine = (last.get(path) ?? Promise.resolve())
      .catch(() => undefined)
      .then(work)
      .finally(() => {
        if (last.get(path) === mine) last.delete(path);
      });
    last.set(path, mine);
    return mine;
  };
}

/** The folder is nearly always there, so it is made only when the first try says that it is not. */
async function inFolder<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!isMissing(error)) throw error;
    await mkdir(dirname(path), { recursive: true });
    return await work();
  }
}

async function unlessMissing<T>(work: () => Promise<T>, otherwise: T): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (isMissing(error)) return otherwise;
    throw error;
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ENOENT";
}
