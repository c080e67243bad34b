// A disk in memory: it outlives the processes that are opened on it, as a real one does.

import type { Disk } from "../../world/disk.ts";

export interface MemoryDisk extends Disk {
  /** Bytes by path, open to tests. */
  readonly files: Map<string, Buffer>;
}

export function createMemoryDisk(): MemoryDisk {
  const files = new Map<string, Buffer>();
  const below = (folder: string): string[] =>
    [...files.keys()].filter((path) => path === folder || path.startsWith(`${folder}/`));
  return {
    files,
    read: async (path) => files.get(path) ?? null,
    list: async (folder) => {
      const names = below(folder).map((path) => path.slice(folder.length + 1).split("/")[0] ?? "");
      return [...new Set(names)].filter((name) => name !== "").sort();
    },
    replace: async (path, content) => void files.set(path, Buffer.from(content)),
    append: async (path, content) => {
      files.set(path, Buffer.concat([files.get(path) ?? Buffer.alloc(0), Buffer.from(content)]));
    },
    truncate: async (path, bytes) => {
      files.set(path, present(files, path).subarray(0, bytes));
    },
    remove: async (path) => {
      for (const each of below(path)) files.delete(each);
    },
  };
}

function present(files: ReadonlyMap<string, Buffer>, path: string): Buffer {
  const bytes = files.get(path);
  if (bytes === undefined) throw new Error(`There is no file ${path}.`);
  return bytes;
}
