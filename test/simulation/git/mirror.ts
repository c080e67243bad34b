// A mirror in memory: the commits of one machine, and the way to the hub.

import { collisionsAmong, fewestCollisionsFirst } from "../../../src/repo/collisions.ts";
import type { Mirror } from "../../../src/repo/contract.ts";
import type { Edit, Folded, Identity, Oid } from "../../../src/repo/git-data.ts";
import type { Pushed, RefUpdate } from "../../../src/repo/remote.ts";
import type { ReplayedStep } from "../../../src/repo/replay.ts";
import { nothingTouched, touch } from "../../../src/repo/touched.ts";
import { diffTrees } from "./diff.ts";
import { differences, mergeTrees, renamesBetween } from "./merge.ts";
import type { Objects, Tree } from "./objects.ts";
import { openOverlay, openSnapshot } from "./readable.ts";

/** The hub as one machine reaches it; every call may fail or be lost. */
export interface Line {
  list: (prefix: string) => Promise<Map<string, Oid>>;
  /** Brings a ref, or a commit, into the machine's objects; null when it is not there. */
  fetch: (source: string) => Promise<Oid | null>;
  push: (updates: readonly RefUpdate[]) => Promise<Pushed>;
}

interface Made {
  message: string;
  author: Identity;
  at: number;
}

/** `objects` are the machine's own and outlive its processes. */
export function openMemoryMirror(objects: Objects, line: Line): Mirror {
  const commit = (tree: Tree, parents: readonly Oid[], { message, author, at }: Made): Oid =>
    objects.putCommit({ tree: objects.putTree(tree), parents, message, author, at });
  const merge = (ours: Oid, theirs: Oid) => {
    const base = objects.mergeBase(ours, theirs);
    const sides = {
      base: base === null ? new Map() : objects.treeOf(base),
      ours: objects.treeOf(ours),
      theirs: objects.treeOf(theirs),
    };
    return mergeTrees(objects, sides);
  };
  const fold = (ours: Oid, theirs: Oid, made: Made): Folded => {
    if (objects.isAncestor(theirs, ours)) return { kind: "nothing-to-fold" };
    const { tree, conflicts } = merge(ours, theirs);
    if (conflicts.length > 0) return { kind: "conflicted", conflicts };
    const oid = commit(tree, [ours, theirs], made);
    return { kind: "folded", commit: oid, tree: objects.commit(oid).tree };
  };
  const touchedBy = ({ base, head }: { base: Oid; head: Oid }) =>
    touch(nothingTouched(), differences(objects.treeOf(base), objects.treeOf(head)));
  return {
    gitDir: "memory",
    fetch: (ref) => line.fetch(sourceOf(ref)),
    fetchAll: async (refs) => {
      for (const ref of refs) await line.fetch(sourceOf(ref));
    },
    remoteRefs: (prefix) => line.list(prefix),
    snapshot: async (oid) => openSnapshot(objects, oid),
    overlay: (snapshot) => openOverlay(objects, snapshot),
    has: async (oid) => objects.has(oid),
    commit: async ({ parent, alsoParent, edits, ...made }) =>
      commit(
        withEdits(objects, { tree: objects.treeOf(parent), edits }),
        [parent, ...(alsoParent === undefined ? [] : [alsoParent])],
        made,
      ),
    fold: async ({ ours, theirs, ...made }) => fold(ours, theirs, made),
    foldAll: async ({ ours, changes, order: wanted, ...made }) => {
      const bases = changes.map(({ theirs }) => objects.mergeBase(ours, theirs) ?? ours);
      const all = changes.map(({ theirs }, at) =>
        touchedBy({ base: bases[at] ?? ours, head: theirs }),
      );
      const order =
        wanted === "fewest-collisions"
          ? fewestCollisionsFirst(changes.length, collisionsAmong(all))
          : changes.map((_, index) => index);
      let tip = ours;
      const results: Folded[] = [];
      const folded: number[] = [];
      for (const index of order) {
        const { theirs, message } = changes[index] ?? { theirs: ours, message: "" };
        const result = fold(tip, theirs, { ...made, message });
        results[index] = result;
        if (result.kind !== "folded") continue;
        tip = result.commit;
        folded.push(index);
      }
      return { results, order: folded };
    },
    foldResolved: async ({ ours, theirs, resolved, ...made }) => {
      const { tree } = merge(ours, theirs);
      const oid = commit(withEdits(objects, { tree, edits: resolved }), [ours, theirs], made);
      return { commit: oid, tree: objects.commit(oid).tree };
    },
    collisions: async (changes) => collisionsAmong(changes.map(touchedBy)),
    replay: async ({ base, onto, line: commits, isAlone = false, ...made }) => {
      let tip = onto;
      const steps: ReplayedStep[] = [];
      const paths = new Set<string>();
      for (const theirs of commits) {
        const sides = {
          base: objects.treeOf(base),
          ours: objects.treeOf(onto),
          theirs: objects.treeOf(theirs),
        };
        const { tree, conflicts } = mergeTrees(objects, sides);
        if (conflicts.length > 0)
          return { kind: "conflicted", paths: conflicts.map(({ path }) => path) };
        tip = commit(tree, isAlone ? [tip] : [tip, theirs], made);
        steps.push({ tree: objects.commit(tip).tree, takes: 1 });
        for (const { path } of differences(sides.base, sides.ours)) paths.add(path);
      }
      if (steps.length === 0) return { kind: "nothing-left" };
      const last = commits.at(-1) ?? base;
      const did = differences(objects.treeOf(base), objects.treeOf(last)).map(({ path }) => path);
      return { kind: "replayed", tip, steps, met: did.filter((path) => paths.has(path)) };
    },
    diff: async (from, to) => diffTrees(objects, objects.treeOf(from), objects.treeOf(to)),
    lineCounts: async (from, to) =>
      diffTrees(objects, objects.treeOf(from), objects.treeOf(to)).map((file) => ({
        path: file.path,
        isNew: file.status === "added",
        isGone: file.status === "removed",
        lines: { added: file.additions, removed: file.deletions },
      })),
    renames: async (from, to) => renamesBetween(objects.treeOf(from), objects.treeOf(to)),
    lastChange: async () => null,
    tree: async (oid) => objects.commit(oid).tree,
    mergeBase: async (one, other) => objects.mergeBase(one, other),
    isAncestor: async (older, newer) => objects.isAncestor(older, newer),
    keep: async () => {},
    push: (updates) => line.push(updates),
    commitFiles: async ({ parent, files, removed = [], ...made }) => {
      const tree = new Map(parent === null ? [] : objects.treeOf(parent));
      for (const gone of removed) {
        for (const path of tree.keys())
          if (path === gone || path.startsWith(`${gone}/`)) tree.delete(path);
      }
      for (const [path, bytes] of files)
        tree.set(path, { mode: "100644", blob: objects.putBlob(bytes) });
      return commit(tree, parent === null ? [] : [parent], made);
    },
    readFiles: async (oid) =>
      new Map([...objects.treeOf(oid)].map(([path, { blob }]) => [path, objects.blob(blob)])),
    [Symbol.asyncDispose]: async () => {},
  };
}

const sourceOf = (ref: string): string =>
  ref.startsWith("refs/") || /^[0-9a-f]{40}$/u.test(ref) ? ref : `refs/heads/${ref}`;

function withEdits(
  objects: Objects,
  { tree, edits }: { tree: Tree; edits: readonly Edit[] },
): Map<string, { mode: string; blob: Oid }> {
  const next = new Map(tree);
  for (const edit of edits) {
    if ("moved" in edit) next.set(edit.path, { mode: edit.moved.mode, blob: edit.moved.oid });
    else if (edit.content === null) next.delete(edit.path);
    else {
      const mode = edit.from?.mode ?? tree.get(edit.path)?.mode ?? "100644";
      next.set(edit.path, { mode, blob: objects.putBlob(edit.content) });
    }
  }
  return next;
}
