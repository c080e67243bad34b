// A part on the newest commit of the default branch, and its branch on GitHub: one commit that GitHub signs.

import { branchRef } from "../repo/refs.ts";
import type { RefUpdate } from "../repo/remote.ts";
import type { Identity, Oid } from "../repo/git-data.ts";
import type { Mirror } from "../repo/contract.ts";
import { commitMessage } from "../steps/message.ts";
import type { Forge } from "../world/forge.ts";
import type { PushRefs } from "./refs.ts";
import { isSettled, keptRefOf, type Migration, type Shard } from "./state.ts";

export interface FoldWorld {
  forge: Forge;
  mirror: Mirror;
  author: Identity;
  now: number;
  /** Where our branches and hidden refs stood when this look began. */
  refs: ReadonlyMap<string, Oid>;
  push: PushRefs;
}

/** Where our branch is about to be moved; see `Shard`. */
export type Next = NonNullable<Shard["next"]>;

/** Where its branch stands now; or why there is none to be shown. */
export type Shown =
  /** `paths` are the files that it changes there, some of which may have other names by now. */
  | { kind: "shown"; tip: Oid; paths: string[] }
  | { kind: "conflict"; paths: string[] }
  /** The default branch holds all of it. */
  | { kind: "nothing-left" }
  /** Its commits are nowhere any more. */
  | { kind: "lost" }
  /** Somebody else moved the branch. */
  | { kind: "theirs" }
  /** Another process is at it, or it is not its turn. */
  | { kind: "later" };

/** Puts the part on `onto` and moves its branch there, once `claim` has written down where to. */
export async function showOn(
  world: FoldWorld,
  migration: Migration,
  { shard, onto, claim }: { shard: Shard; onto: Oid; claim: (next: Next) => Promise<boolean> },
): Promise<Shown> {
  const { mirror, author, now } = world;
  const kept = keptRefOf(migration.id, shard);
  if (!(await bringHead(mirror, kept, shard))) return { kind: "lost" };
  const message = messageOf(migration, shard);
  const folded = await mirror.fold({ ours: onto, theirs: shard.head, message, author, at: now });
  if (folded.kind === "nothing-to-fold") return { kind: "nothing-left" };
  if (folded.kind === "conflicted")
    return { kind: "conflict", paths: folded.conflicts.map(({ path }) => path) };
  const paths = (await mirror.lineCounts(onto, folded.commit)).map(({ path }) => path);
  if (paths.length === 0) return { kind: "nothing-left" };
  const stands = world.refs.get(branchRef(shard.branch)) ?? null;
  if (!isOurs(shard, stands)) return { kind: "theirs" };
  if (stands !== null && isThere(shard, stands, onto)) return { kind: "shown", tip: stands, paths };
  const tip = await moveTo(world, { shard, onto, kept, folded, message, claim });
  return tip === null ? { kind: "later" } : { kind: "shown", tip, paths };
}

const isOurs = ({ tip, next }: Shard, stands: Oid | null): boolean =>
  stands === null || stands === tip || stands === next?.tip;

/** It was moved to where it should be, and nobody lived to write that down. */
const isThere = ({ next, head }: Shard, stands: Oid, onto: Oid): boolean =>
  next?.tip === stands && next.onto === onto && next.shown === head;

interface Moving {
  shard: Shard;
  onto: Oid;
  kept: string;
  folded: { commit: Oid; tree: Oid };
  message: string;
  claim: (next: Next) => Promise<boolean>;
}

/** One commit that GitHub signs. Null when somebody else is at it: refs move from where they stood when this look began, or not at all. */
async function moveTo(
  { mirror, forge, refs }: FoldWorld,
  { shard, onto, kept, folded, message, claim }: Moving,
): Promise<Oid | null> {
  const ref = branchRef(shard.branch);
  // GitHub must have the tree before it can make a commit of it; the ref also keeps the worker's commits there.
  const from = refs.get(kept) ?? null;
  if (from !== folded.commit) {
    const pushed = await mirror.push([{ ref: kept, from, to: folded.commit }]);
    if (pushed.kind === "stale") return null;
  }
  const { sha } = await forge.createCommit({ message, tree: folded.tree, parents: [onto] });
  if (!(await claim({ tip: sha, onto, shown: shard.head }))) return null;
  const isMoved = await forge.moveRefs([
    { ref, from: refs.get(ref) ?? null, to: sha, force: true },
  ]);
  return isMoved ? sha : null;
}

/**
 * Keeps the commits of parts on GitHub from the beginning, since the branches of their run are cleared away one day: gives the
 * refs as they stand by then.
 */
export async function keepHeads(
  { mirror, refs, push }: Pick<FoldWorld, "mirror" | "refs" | "push">,
  { id, shards }: Migration,
): Promise<FoldWorld["refs"]> {
  const bare = shards.filter(
    (shard) => !isSettled(shard) && shard.tip === null && !refs.has(keptRefOf(id, shard)),
  );
  const there: RefUpdate[] = [];
  for (const shard of bare) {
    const ref = keptRefOf(id, shard);
    if (await bringHead(mirror, ref, shard)) there.push({ ref, from: null, to: shard.head });
  }
  const now = new Map(refs);
  const moved = await push(there);
  for (const { ref, to } of there) if (to !== null && moved.has(ref)) now.set(ref, to);
  return now;
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
