// Snapshots and overlays over objects in memory.

import type { Overlay, Readable, Snapshot } from "../../../src/repo/contract.ts";
import type { Edit, FileContent, Oid } from "../../../src/repo/git-data.ts";
import { matcherOf } from "../../../src/repo/paths.ts";
import type { Leaf, Objects } from "./objects.ts";

export function openSnapshot(objects: Objects, commit: Oid): Snapshot {
  const tree = objects.treeOf(commit);
  const textOf = (path: string): string | null => {
    const leaf = tree.get(path);
    return leaf === undefined ? null : objects.text(leaf.blob);
  };
  return {
    commit,
    entries: async () =>
      [...tree].map(([path, { mode, blob }]) => ({
        path,
        mode: modeOf(mode),
        oid: blob,
        size: objects.blob(blob).length,
      })),
    ...reading([...tree.keys()], textOf),
  };
}

export function openOverlay(objects: Objects, base: Snapshot): Overlay {
  const tree = objects.treeOf(base.commit);
  const edited = new Map<string, string | null>();
  const textOf = (path: string): string | null => {
    const known = edited.get(path);
    if (known !== undefined) return known;
    const leaf: Leaf | undefined = tree.get(path);
    return leaf === undefined ? null : objects.text(leaf.blob);
  };
  const paths = (): string[] =>
    [...new Set([...tree.keys(), ...edited.keys()])].filter((path) => textOf(path) !== null).sort();
  return {
    base,
    paths: async (glob) => paths().filter(glob === undefined ? () => true : matcherOf(glob)),
    read: async (path) => contentOf(textOf(path)),
    search: async (pattern) => searchIn(paths(), { textOf, pattern }),
    write: async (path, text) => void edited.set(path, text),
    edit: async (path, from, to) => {
      edited.set(
        path,
        (textOf(path) ?? "").replace(from, () => to),
      );
    },
    remove: async (path) => void edited.set(path, null),
    move: async (from, to) => {
      edited.set(to, textOf(from));
      edited.set(from, null);
    },
    edits: async () =>
      [...edited.keys()].sort().flatMap((path): Edit[] => {
        const leaf = tree.get(path);
        const before = leaf === undefined ? null : objects.text(leaf.blob);
        const content = textOf(path);
        return content === before ? [] : [{ path, content }];
      }),
  };
}

function reading(paths: readonly string[], textOf: (path: string) => string | null): Readable {
  return {
    paths: async (glob) => paths.filter(glob === undefined ? () => true : matcherOf(glob)),
    read: async (path) => contentOf(textOf(path)),
    search: async (pattern) => searchIn(paths, { textOf, pattern }),
  };
}

const contentOf = (text: string | null): FileContent | null =>
  text === null ? null : { kind: "text", text };

function searchIn(
  paths: readonly string[],
  { textOf, pattern }: { textOf: (path: string) => string | null; pattern: string },
): Awaited<ReturnType<Readable["search"]>> {
  const wanted = new RegExp(pattern, "u");
  const hits = paths.flatMap((path) =>
    (textOf(path) ?? "")
      .split("\n")
      .map((text, index) => ({ path, line: index + 1, text }))
      .filter(({ text }) => wanted.test(text)),
  );
  return { hits, cut: false };
}

const modeOf = (mode: string): "100644" | "100755" => (mode === "100755" ? mode : "100644");
