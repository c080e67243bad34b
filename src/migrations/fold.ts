// A part on the newest commit of the default branch, and its branch on GitHub: one commit that GitHub signs.

import { branchRef } from "../repo/refs.ts";
import type { Identity, Oid } from "../repo/git-data.ts";
import type { Mirror } from "../repo/contract.ts";
import { commitMessage } from "../steps/message.ts";
import type { Forge } from "../world/forge.ts";
import { keptRefOf, type Migration, type Shard } from "./state.ts";

export interface FoldWorld {
  forge: Forge;
  mirror: Mirror;
  author: Identity;
  now: number;
  /** Where our branches and hidden refs stood when this look began. */
  refs: ReadonlyMap<string, Oid>;
}

/** Where its branch stands now; or why there is none to be shown. */
export type Shown =
  | { kind: "shown"; tip: Oid }
  | { kind: "conflict"; paths: string[] }
  /** The default branch holds all of it. */
  | { kind: "nothing-left" }
  /** Its commits are nowhere any more. */
  | { kind: "lost" }
  /** Somebody else moved the branch. */
  | { kind: "theirs" };

/** Puts the part on `onto` and moves its branch there. */
export async function showOn(
  { forge, mirror, author, now, refs }: FoldWorld,
  migration: Migration,
  { shard, onto }: { shard: Shard; onto: Oid },
): Promise<Shown> {
  const kept = keptRefOf(migration.id, shard);
  if (!(await bringHead(mirror, kept, shard))) return { kind: "lost" };
  const message = messageOf(migration, shard);
  const fold = { ours: onto, theirs: shard.head, message, author, at: now };
  const folded = await mirror.fold(fold);
  if (folded.kind === "nothing-to-fold") return { kind: "nothing-left" };
  if (folded.kind === "conflicted") {
    return { kind: "conflict", paths: folded.conflicts.map(({ path }) => path) };
  }
  if (folded.tree === (await mirror.tree(onto))) return { kind: "nothing-left" };
  const ref = branchRef(shard.branch);
  const stands = refs.get(ref) ?? null;
  if (stands !== null && stands !== shard.tip) {
    const isOurs = await standsWith(mirror, { ref, stands, tree: folded.tree });
    return isOurs ? { kind: "shown", tip: stands } : { kind: "theirs" };
  }
  // GitHub must have the tree before it can make a commit of it; the ref also keeps the worker's commits there.
  const from = refs.get(kept) ?? null;
  const pushed = await mirror.push([{ ref: kept, from, to: folded.commit }]);
  if (pushed.kind === "stale") return { kind: "theirs" };
  const { sha } = await forge.createCommit({ message, tree: folded.tree, parents: [onto] });
  const isMoved = await forge.moveRefs([{ ref, from: stands, to: sha, force: true }]);
  return isMoved ? { kind: "shown", tip: sha } : { kind: "theirs" };
}

/** A process may have died between moving the branch and writing that down. */
async function standsWith(
  mirror: Mirror,
  { ref, stands, tree }: { ref: string; stands: Oid; tree: Oid },
): Promise<boolean> {
  return (await mirror.fetch(ref)) === stands && (await mirror.tree(stands)) === tree;
}

/** The worker's own branch is cleared away one day; the hidden ref is what holds over weeks. */
async function bringHead(mirror: Mirror, kept: string, { head, run }: Shard): Promise<boolean> {
  if (await mirror.has(head)) return true;
  await mirror.fetch(kept);
  if (await mirror.has(head)) return true;
  const branches = await mirror.remoteRefs(`refs/heads/fanfold/${run}/`);
  const hidden = await mirror.remoteRefs(`refs/fanfold/runs/${run}/w/`);
  const named = [...branches, ...hidden].filter(([, oid]) => oid === head).map(([ref]) => ref);
  await mirror.fetchAll(named);
  return await mirror.has(head);
}

const messageOf = ({ what, by }: Migration, { name, summary, run, change }: Shard): string =>
  commitMessage({
    run,
    requester: by,
    workers: [change],
    title: summary.trim().split("\n", 1)[0] ?? name,
    body: `Part "${name}" of the migration: ${what}`,
    skipCi: false,
  });
