// A repository in a map: what tools read and edit in tests.

import picomatch from "picomatch";

import { checkPath } from "../../src/repo/path-gate.ts";
import {
  EditRefused,
  type Overlay,
  type Readable,
  type Snapshot,
} from "../../src/repo/contract.ts";
import type { FileContent } from "../../src/repo/git-data.ts";

export type MemoryFiles = Map<string, string | FileContent>;

/** Reads a map of paths to text or to other contents. */
export function readable(files: MemoryFiles): Readable {
  return {
    paths: async (glob) => {
      const wanted = picomatch(glob ?? "**", { dot: true });
      return [...files.keys()].filter((path) => wanted(path)).sort();
    },
    read: async (path) => contentOf(files.get(path)),
    search: async (pattern, options = {}) => {
      const wanted = new RegExp(pattern);
      const hits = [...files].flatMap(([path, content]) =>
        typeof content !== "string" || !picomatch.isMatch(path, options.glob ?? "**")
          ? []
          : content
              .split("\n")
              .flatMap((text, at) => (wanted.test(text) ? [{ path, line: at + 1, text }] : [])),
      );
      const limit = options.limit ?? 200;
      return { hits: hits.slice(0, limit), cut: hits.length > limit };
    },
  };
}

/** Edits the map in place. */
export function overlayOn(files: MemoryFiles): Overlay {
  const base: Snapshot = {
    ...readable(new Map(files)),
    commit: "0".repeat(40),
    entries: async () => [],
  };
  return {
    ...readable(files),
    base,
    write: async (path, text) => void files.set(checkPath(path), text),
    edit: async (path, from, to) => {
      const text = files.get(checkPath(path));
      if (typeof text !== "string") throw new EditRefused(`There is no text at ${path}.`);
      const parts = text.split(from);
      if (parts.length !== 2)
        throw new EditRefused(`It occurs ${parts.length - 1} times; take in more lines.`);
      files.set(path, parts.join(to));
    },
    move: async (from, to) => {
      const content = files.get(checkPath(from));
      if (content === undefined) throw new EditRefused(`There is no file ${from}.`);
      if (files.has(checkPath(to))) throw new EditRefused(`There is a file ${to} already.`);
      files.set(to, content);
      files.delete(from);
    },
    remove: async (path) => void files.delete(checkPath(path)),
    edits: async () => [],
  };
}

function contentOf(content: string | FileContent | undefined): FileContent | null {
  if (content === undefined) return null;
  return typeof content === "string" ? { kind: "text", text: content } : content;
}
