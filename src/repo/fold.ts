// Folds changes into a line of commits, one after the other: by paths where they do not meet, by git's merge where they do.

import { collisionsAmong, fewestCollisionsFirst } from "./collisions.ts";
import type { Folded, FoldedAll, FoldOrder, Identity, Oid } from "./git-data.ts";
import type { TreeChange } from "./importer.ts";
import { mergeEach } from "./merge-tree.ts";
import type { ObjectStore } from "./object-store.ts";
import { type Differences, openDifferences } from "./many-differences.ts";
import { type MissingCommit, missingCommits, type Relation, relationOf } from "./relation.ts";
import { openSinceBase, type SinceBase } from "./since-base.ts";
import { meetings, nothingTouched, touch, type Touched } from "./touched.ts";
import { diffTrees, type TreeDifference } from "./tree-diff.ts";

export interface FoldAll {
  ours: Oid;
  changes: readonly { theirs: Oid; message: string }[];
  order?: FoldOrder;
  author: Identity;
  at: number;
}

/**
 * Merges the changes into the line, each as a commit with both as parents, and answers for each. What conflicts is left
 * out. Trees and conflicts are those of merging one after the other in the order asked for; only changes that do not meet
 * may change places. Nothing is left half-merged.
 */
export async function foldAll(store: ObjectStore, asked: FoldAll): Promise<FoldedAll> {
  const line = await openLine(store, asked);
  let waiting = await inOrder(line, asked);
  // The first of a round is always settled, so this ends.
  while (waiting.length > 0) waiting = await foldRound(line, waiting);
  return {
    results: asked.changes.map((_, index) => line.results.get(index) ?? NOTHING_TO_FOLD),
    order: line.order,
  };
}

interface Change {
  index: number;
  /** Its place in the order of folding. */
  rank: number;
  theirs: Oid;
  message: string;
}

/** The line as it grows. */
interface Line {
  store: ObjectStore;
  asked: FoldAll;
  tip: Oid;
  missing: Map<Oid, MissingCommit>;
  differences: Differences;
  results: Map<number, Folded>;
  order: number[];
  /** What the line did since the commits that changes began at. */
  since: SinceBase;
}

async function openLine(store: ObjectStore, asked: FoldAll): Promise<Line> {
  const { ours, changes } = asked;
  return {
    store,
    asked,
    tip: ours,
    missing: await missingCommits(store, { ours, changes: changes.map(({ theirs }) => theirs) }),
    differences: openDifferences(store),
    results: new Map(),
    order: [],
    since: openSinceBase(store.trees, ours),
  };
}

/** The changes as they are to be folded: as given, or so that the fewest are left out. */
async function inOrder(line: Line, { changes, order }: FoldAll): Promise<Change[]> {
  const given = changes.map((change, index) => ({ index, rank: index, ...change }));
  if (order !== "fewest-collisions" || given.length < 2) return given;
  const began = given.map((change) => relationOf(change.theirs, line.missing));
  // Where one holds another, the order is theirs.
  const heads = new Map(given.map(({ theirs, index }) => [theirs, index]));
  const isStacked = began.some(
    (relation, index) =>
      relation.kind === "simple" &&
      relation.commits.some((commit) => (heads.get(commit) ?? index) !== index),
  );
  if (isStacked) return given;
  await readAhead(line, given);
  const touched = await Promise.all(began.map((relation) => touchedBy(line, relation)));
  const ranked = fewestCollisionsFirst(given.length, collisionsAmong(touched));
  return ranked.flatMap((index, rank) => {
    const change = given[index];
    return change === undefined ? [] : [{ ...change, rank }];
  });
}

async function touchedBy({ store, differences }: Line, relation: Relation): Promise<Touched> {
  switch (relation.kind) {
    case "in-already":
      return nothingTouched();
    case "other":
      return { ...nothingTouched(), everything: true };
    case "simple": {
      const from = await store.trees.treeOf(relation.base);
      return touch(nothingTouched(), await differences.of({ from, to: relation.tree }));
    }
  }
}

/** What one round found out: merges to make, what git has to merge, what has to wait for both. */
interface Round {
  ready: { change: Change; did: readonly TreeDifference[] }[];
  toMerge: Change[];
  waiting: Change[];
  /** What changes did that are ready, and those that are not. */
  done: Touched;
  open: Touched;
}

/** Settles all changes that do not meet an earlier one of the same round; the others are handed back. */
async function foldRound(line: Line, changes: readonly Change[]): Promise<Change[]> {
  const round: Round = {
    ready: [],
    toMerge: [],
    waiting: [],
    done: nothingTouched(),
    open: nothingTouched(),
  };
  await readAhead(line, changes);
  for (const change of changes) await place(line, round, change);
  await mergeByGit(line, round);
  await makeMerges(line, round);
  return round.waiting.sort((one, other) => one.rank - other.rank);
}

/** What the changes did, for all whose beginning is known already. */
async function readAhead({ store, missing, differences }: Line, changes: readonly Change[]) {
  const relations = changes
    .map(({ theirs }) => relationOf(theirs, missing))
    .filter((relation) => relation.kind === "simple");
  const pairs = relations.map(async ({ base, tree, commits }) => {
    const pair = { from: await store.trees.treeOf(base), to: tree };
    const [only, ...more] = commits;
    const made = only === undefined || more.length > 0 ? null : store.made.of(only);
    if (made?.parent === base) differences.note(pair, made.did);
    return pair;
  });
  await differences.readAhead(await Promise.all(pairs));
}

async function place(line: Line, round: Round, change: Change): Promise<void> {
  const { store, missing, differences } = line;
  const relation = relationOf(change.theirs, missing);
  if (relation.kind === "in-already") return void line.results.set(change.index, NOTHING_TO_FOLD);
  if (relation.kind === "other") {
    // Nobody knows what it touches, so it has its round to itself.
    const isFirst = round.ready.length + round.toMerge.length + round.waiting.length === 0;
    (isFirst ? round.toMerge : round.waiting).push(change);
    round.open.everything = true;
    return;
  }
  const from = await store.trees.treeOf(relation.base);
  const did = await differences.of({ from, to: relation.tree });
  const touched = touch(nothingTouched(), did);
  const isFree = meetings(touched, round.open).length === 0;
  if (isFree && meetings(touched, await line.since.of(relation.base)).length === 0) {
    round.ready.push({ change, did });
    touch(round.done, did);
    for (const commit of relation.commits) missing.delete(commit);
    line.since.add(did);
    return;
  }
  const stands = isFree && meetings(touched, round.done).length === 0;
  (stands ? round.toMerge : round.waiting).push(change);
  touch(round.open, did);
}

const NOTHING_TO_FOLD: Folded = { kind: "nothing-to-fold" };

/** They were chosen so that none meets another or what is ready: each is merged with the line as the round found it. */
async function mergeByGit(line: Line, round: Round): Promise<void> {
  const { store, tip } = line;
  const theirs = round.toMerge.map((change) => change.theirs);
  const merges = await mergeEach(store, { ours: tip, theirs });
  const from = await store.trees.treeOf(tip);
  for (const [at, merged] of merges.entries()) {
    const change = round.toMerge[at];
    if (change === undefined) continue;
    if (merged.kind === "conflicted") {
      line.results.set(change.index, { kind: "conflicted", conflicts: merged.conflicts });
      continue;
    }
    const did = await diffTrees(store.trees, { from, to: merged.tree });
    // A merge may reach farther than its change, along a rename.
    if (meetings(touch(nothingTouched(), did), round.done).length > 0) round.waiting.push(change);
    else {
      round.ready.push({ change, did });
      touch(round.done, did);
      line.since.add(did);
    }
  }
}

async function makeMerges(line: Line, { ready, toMerge }: Round): Promise<void> {
  const { store, results, order, asked } = line;
  const merges = ready.map(({ change, did }) => ({
    parents: [change.theirs],
    changes: did.map(changeOf),
    message: change.message,
    author: asked.author,
    at: asked.at,
  }));
  const [first, ...rest] = merges;
  if (first === undefined) return;
  const onTip = { ...first, parents: [line.tip, ...first.parents] };
  const commits = await store.importer.line(onTip, rest);
  const trees = await Promise.all(commits.map((commit) => store.trees.treeOf(commit)));
  for (const [at, { change }] of ready.entries()) {
    results.set(change.index, { kind: "folded", commit: commits[at] ?? "", tree: trees[at] ?? "" });
    order.push(change.index);
  }
  line.tip = commits.at(-1) ?? line.tip;
  if (toMerge.length === 0) return;
  line.missing = await missingCommits(store, { ours: line.tip, changes: [...line.missing.keys()] });
}

/** What brings a tree there. */
export function changeOf({ path: name, after }: TreeDifference): TreeChange {
  const path = Buffer.from(name, "latin1");
  return after === null ? { kind: "delete", path } : { kind: "point", path, ...after };
}
