// Folds changes into a line of commits, one after the other: by paths where they do not meet, by git's merge where they do.

import { git } from "./git.ts";
import type { Folded, Identity, Oid } from "./git-data.ts";
import type { Imported, TreeChange } from "./importer.ts";
import { mergeTrees } from "./merge-tree.ts";
import type { ObjectStore } from "./object-store.ts";
import { missingCommits, relationOf } from "./relation.ts";
import { meetings, nothingTouched, touch, type Touched } from "./touched.ts";
import { diffTrees, type TreeDifference } from "./tree-diff.ts";

export interface FoldAll {
  ours: Oid;
  changes: readonly { theirs: Oid; message: string }[];
  author: Identity;
  at: number;
}

/**
 * Merges each change into what came of the one before, as a commit with both as parents. What conflicts is left out, and
 * the next is folded as if it had not been there. Answers in the order asked; nothing is left half-merged.
 */
export async function foldAll(store: ObjectStore, asked: FoldAll): Promise<Folded[]> {
  const theirs = asked.changes.map((change) => change.theirs);
  const line: Line = {
    store,
    asked,
    tip: asked.ours,
    start: asked.ours,
    missing: await missingCommits(store, { ours: asked.ours, changes: theirs }),
    history: [],
    touchedSince: new Map(),
    pending: [],
    results: new Map(),
  };
  for (const [index, change] of asked.changes.entries()) {
    await foldOne(line, { index, ...change });
  }
  await flush(line);
  return asked.changes.map((_, index) => line.results.get(index) ?? { kind: "nothing-to-fold" });
}

interface Change {
  index: number;
  theirs: Oid;
  message: string;
}

/** The line as it grows. */
interface Line {
  store: ObjectStore;
  asked: FoldAll;
  /** Where it stood at first, and its newest commit that is made. */
  start: Oid;
  tip: Oid;
  missing: Set<Oid>;
  /** What was folded in since the start. */
  history: TreeDifference[][];
  /** What the line did since a commit that a change began at. */
  touchedSince: Map<Oid, Touched>;
  /** Merges that are decided and not made yet: one stream makes them all. */
  pending: { change: Change; imported: Imported }[];
  results: Map<number, Folded>;
}

async function foldOne(line: Line, change: Change): Promise<void> {
  const { store, missing } = line;
  const relation = await relationOf(store, { theirs: change.theirs, missing });
  if (relation.kind === "in-already") {
    line.results.set(change.index, { kind: "nothing-to-fold" });
    return;
  }
  if (relation.kind === "other") {
    if (await mergeByGit(line, change)) line.missing = await stillMissing(line);
    return;
  }
  const did = await differences(line, { from: relation.base, to: change.theirs });
  const since = await touchedSince(line, relation.base);
  if (meetings(touch(nothingTouched(), did), since).length > 0) {
    if (await mergeByGit(line, change)) foldedIn(line, relation.commits);
    return;
  }
  const { author, at } = line.asked;
  const imported = { changes: did.map(changeOf), message: change.message, author, at };
  line.pending.push({ change, imported: { ...imported, parents: [change.theirs] } });
  foldedIn(line, relation.commits);
  remember(line, did);
}

const stillMissing = ({ store, tip, missing }: Line): Promise<Set<Oid>> =>
  missingCommits(store, { ours: tip, changes: [...missing] });

function foldedIn({ missing }: Line, commits: readonly Oid[]): void {
  for (const commit of commits) missing.delete(commit);
}

async function differences(
  { store: { trees } }: Line,
  { from, to }: { from: Oid; to: Oid },
): Promise<TreeDifference[]> {
  return diffTrees(trees, { from: await trees.treeOf(from), to: await trees.treeOf(to) });
}

async function touchedSince(line: Line, base: Oid): Promise<Touched> {
  const known = line.touchedSince.get(base);
  if (known !== undefined) return known;
  const touched = touch(nothingTouched(), await differences(line, { from: base, to: line.start }));
  for (const did of line.history) touch(touched, did);
  line.touchedSince.set(base, touched);
  return touched;
}

function remember(line: Line, did: TreeDifference[]): void {
  line.history.push(did);
  for (const touched of line.touchedSince.values()) touch(touched, did);
}

function changeOf({ path: name, after }: TreeDifference): TreeChange {
  const path = Buffer.from(name, "latin1");
  return after === null ? { kind: "delete", path } : { kind: "point", path, ...after };
}

/** Makes the merges that wait, so that what comes next can stand on them. */
async function flush(line: Line): Promise<void> {
  const { store, results } = line;
  const [first, ...rest] = line.pending;
  if (first === undefined) return;
  const onTip = { ...first.imported, parents: [line.tip, ...first.imported.parents] };
  const commits = await store.importer.line(
    onTip,
    rest.map(({ imported }) => imported),
  );
  const trees = await Promise.all(commits.map((commit) => store.trees.treeOf(commit)));
  for (const [at, { change }] of line.pending.entries()) {
    results.set(change.index, { kind: "folded", commit: commits[at] ?? "", tree: trees[at] ?? "" });
  }
  line.tip = commits.at(-1) ?? line.tip;
  line.pending = [];
}

/** Whether it could be merged. */
async function mergeByGit(line: Line, change: Change): Promise<boolean> {
  await flush(line);
  const { store, tip } = line;
  const merged = await mergeTrees(store, { ours: tip, theirs: change.theirs });
  if (merged.kind === "conflicted") {
    line.results.set(change.index, merged);
    return false;
  }
  const { tree } = merged;
  const from = await store.trees.treeOf(tip);
  const did = await diffTrees(store.trees, { from, to: tree });
  const { author, at } = line.asked;
  const parents = [tip, change.theirs];
  const changes = did.map(changeOf);
  const commit = await store.importer.one({
    parents,
    changes,
    message: change.message,
    author,
    at,
  });
  line.results.set(change.index, { kind: "folded", commit, tree });
  line.tip = commit;
  remember(line, did);
  return true;
}

/** Whether `descendant` already holds everything of `ancestor`. */
export async function isAncestor(
  gitDir: string,
  { ancestor, descendant }: { ancestor: Oid; descendant: Oid },
): Promise<boolean> {
  const { status } = await git(["merge-base", "--is-ancestor", ancestor, descendant], {
    gitDir,
    accept: [0, 1],
  });
  return status === 0;
}

/** The newest commit that both hold; null when their histories share none. */
export async function mergeBaseOf(
  gitDir: string,
  [a, b]: readonly [Oid, Oid],
): Promise<Oid | null> {
  const { status, stdout } = await git(["merge-base", a, b], { gitDir, accept: [0, 1] });
  return status === 0 ? stdout.toString("latin1").trim() : null;
}
