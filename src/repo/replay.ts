// Puts what a line of commits did on another commit, as git merges: for a branch that went on, or was rewritten, meanwhile.

import { isAncestor } from "./ancestry.ts";
import { changeOf } from "./fold.ts";
import type { Identity, Oid } from "./git-data.ts";
import { mergeEach, type Merged } from "./merge-tree.ts";
import type { ObjectStore } from "./object-store.ts";
import { diffCommitTrees } from "./since-base.ts";
import { meetings, nothingTouched, touch } from "./touched.ts";
import { diffTrees } from "./tree-diff.ts";

export interface Replay {
  /** Where the line began. */
  base: Oid;
  /** Where it is to begin instead. */
  onto: Oid;
  /** The line's commits, each on the one before. */
  line: readonly Oid[];
  /** Without the line's commits: what they stand on is not to come along. */
  isAlone?: boolean;
  message: string;
  author: Identity;
  at: number;
}

/** One commit of the new line; it takes over this many of the old one's. */
export interface ReplayedStep {
  tree: Oid;
  takes: number;
}

export type Replayed =
  | {
      kind: "replayed";
      /** The last commit of the new line; it holds the old line's commits as well, unless it is to be alone. */
      tip: Oid;
      steps: ReplayedStep[];
      /** Paths that both sides touched. */
      met: string[];
    }
  | { kind: "conflicted"; paths: string[] }
  /** The other commit holds all of it already. */
  | { kind: "nothing-left" };

/** A commit of the line that conflicts by itself, while a later one does not, becomes one with the next. */
export async function replay(store: ObjectStore, asked: Replay): Promise<Replayed> {
  const { base, onto, line } = asked;
  const merges = await mergeEach(store, { ours: await childOf(store, asked), theirs: line });
  const last = merges.at(-1);
  if (last?.kind === "conflicted")
    return { kind: "conflicted", paths: last.conflicts.map(({ path }) => path) };
  const steps = stepsOf(merges, await store.trees.treeOf(onto));
  const theirs = line.at(-1);
  if (steps.length === 0 || theirs === undefined) return { kind: "nothing-left" };
  const [did, moved] = await Promise.all([
    diffCommitTrees(store.trees, { from: base, to: theirs }),
    diffCommitTrees(store.trees, { from: base, to: onto }),
  ]);
  const met = meetings(touch(nothingTouched(), did), touch(nothingTouched(), moved));
  return {
    kind: "replayed",
    tip: await commitSteps(store, asked, steps),
    steps,
    met: met.map((path) => Buffer.from(path, "latin1").toString("utf8")),
  };
}

/**
 * Git merges from the newest commit that both sides hold. Where the branch was rewritten that would be an older one than the
 * line's own beginning, and what was taken out of the branch would come back; so what it holds now is put on that beginning.
 */
async function childOf(store: ObjectStore, { base, onto, ...commit }: Replay): Promise<Oid> {
  if (await isAncestor(store.gitDir, { ancestor: base, descendant: onto })) return onto;
  const did = await diffCommitTrees(store.trees, { from: base, to: onto });
  const { message, author, at } = commit;
  return await store.importer.one({
    parents: [base],
    changes: did.map(changeOf),
    message,
    author,
    at,
  });
}

function stepsOf(merges: readonly Merged[], start: Oid): ReplayedStep[] {
  const steps: ReplayedStep[] = [];
  let takes = 0;
  for (const merged of merges) {
    takes += 1;
    const before = steps.at(-1)?.tree ?? start;
    if (merged.kind === "conflicted" || merged.tree === before) continue;
    steps.push({ tree: merged.tree, takes });
    takes = 0;
  }
  const last = steps.at(-1);
  // What changed nothing at the end goes along with what did before it.
  if (last !== undefined) last.takes += takes;
  return steps;
}

async function commitSteps(
  { importer, trees }: ObjectStore,
  { onto, line, isAlone = false, message, author, at }: Replay,
  steps: readonly ReplayedStep[],
): Promise<Oid> {
  let from = await trees.treeOf(onto);
  let taken = 0;
  const commits = [];
  for (const { tree, takes } of steps) {
    taken += takes;
    const changes = (await diffTrees(trees, { from, to: tree })).map(changeOf);
    const parents = isAlone ? [] : [line[taken - 1] ?? onto];
    commits.push({ parents, changes, message, author, at });
    from = tree;
  }
  const [first, ...rest] = commits;
  if (first === undefined) return onto;
  const made = await importer.line({ ...first, parents: [onto, ...first.parents] }, rest);
  return made.at(-1) ?? onto;
}
