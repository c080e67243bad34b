// The difference of two trees as the house reads diffs: one hunk a file, with three lines around it.

import type { DiffLine, FileDiff } from "../../../src/repo/git-data.ts";
import { differences } from "./merge.ts";
import type { Objects, Tree } from "./objects.ts";

const CONTEXT = 3;

export function diffTrees(objects: Objects, from: Tree, to: Tree): FileDiff[] {
  return differences(from, to).map(({ path, before, after }) => {
    const old = before === null ? [] : linesOf(objects.text(before.oid));
    const fresh = after === null ? [] : linesOf(objects.text(after.oid));
    const lines = hunkOf(old, fresh);
    const count = (kind: DiffLine["kind"]) => lines.filter((line) => line.kind === kind).length;
    return {
      path,
      oldPath: null,
      status: before === null ? "added" : after === null ? "removed" : "modified",
      modes: { old: before?.mode ?? null, new: after?.mode ?? null },
      binary: false,
      additions: count("added"),
      deletions: count("removed"),
      hunks: lines.length === 0 ? [] : [{ header: headerOf(lines), lines }],
    };
  });
}

const linesOf = (text: string): string[] => text.replace(/\n$/u, "").split("\n");

function hunkOf(old: readonly string[], fresh: readonly string[]): DiffLine[] {
  const most = Math.min(old.length, fresh.length);
  let head = 0;
  while (head < most && old[head] === fresh[head]) head += 1;
  let tail = 0;
  while (tail < most - head && old.at(-1 - tail) === fresh.at(-1 - tail)) tail += 1;
  const start = Math.max(0, head - CONTEXT);
  const context = (at: number, shift: number): DiffLine => ({
    kind: "context",
    oldLine: at + 1,
    newLine: at + 1 + shift,
    text: old[at] ?? "",
  });
  const shift = fresh.length - old.length;
  const end = Math.min(old.length, old.length - tail + CONTEXT);
  return [
    ...range(start, head).map((at) => context(at, 0)),
    ...range(head, old.length - tail).map((at): DiffLine => ({
      kind: "removed",
      oldLine: at + 1,
      newLine: null,
      text: old[at] ?? "",
    })),
    ...range(head, fresh.length - tail).map((at): DiffLine => ({
      kind: "added",
      oldLine: null,
      newLine: at + 1,
      text: fresh[at] ?? "",
    })),
    ...range(old.length - tail, end).map((at) => context(at, shift)),
  ];
}

function headerOf(lines: readonly DiffLine[]): string {
  const at = (side: "oldLine" | "newLine") => lines.find((line) => line[side] !== null)?.[side];
  return `@@ -${at("oldLine") ?? 0} +${at("newLine") ?? 0} @@`;
}

const range = (from: number, to: number): number[] =>
  Array.from({ length: Math.max(0, to - from) }, (_, index) => from + index);
