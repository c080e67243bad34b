// Branches and hidden refs of parts that are settled are cleared away: of a closed one later, since people open some again.

import { limits } from "../config/limits.ts";
import { branchRef } from "../repo/refs.ts";
import { RemoteError, type RefUpdate } from "../repo/remote.ts";
import { changeMigration, newest, type Which } from "./book.ts";
import type { FoldWorld } from "./fold.ts";
import type { RedoWorld } from "./redo.ts";
import { listRefs } from "./refs.ts";
import { keptRefOf, type Migration, type Shard } from "./state.ts";

type TidyWorld = Pick<RedoWorld, "mirror" | "push" | "refs" | "now" | "ledger" | "log">;

/** False when some of it was moved in this very moment: it is looked at where it stands the next time. */
export async function tidyRefs(
  world: TidyWorld,
  which: Which,
  { id, shards }: Migration,
): Promise<boolean> {
  const { mirror, now, ledger } = world;
  const over = shards.filter((shard) => isOver(shard, now));
  if (over.length === 0 && (await orphans(world, which)).length === 0) return true;
  // GitHub deletes branches of what is merged by itself, and this look moved some: one ref that is elsewhere keeps all others of its push.
  const refs = await listRefs(mirror, id);
  const remove = [
    ...over.flatMap((shard) => refsOf(id, shard, refs)),
    ...(await orphans({ refs, ledger }, which)),
  ];
  const moved = await pushOrTell(world, which, remove);
  if (moved === null) return true;
  const isGone = (updates: readonly RefUpdate[]): boolean =>
    updates.every(({ ref }) => moved.has(ref));
  const cleared = over.filter((shard) => isGone(refsOf(id, shard, refs)));
  const names = new Set(cleared.map(({ name }) => name));
  await changeMigration(ledger.book, which, (known) => ({
    ...known,
    shards: known.shards.map((each) =>
      names.has(each.name) && isOver(each, now) ? { ...each, isCleared: true } : each,
    ),
  }));
  return isGone(remove);
}

/** Null when the repository does not let us: that keeps nothing else, and is tried again as seldom as closed parts are looked at. */
async function pushOrTell(
  { push, log }: Pick<TidyWorld, "push" | "log">,
  { id }: Which,
  remove: readonly RefUpdate[],
): Promise<ReadonlySet<string> | null> {
  try {
    return await push(remove);
  } catch (err) {
    if (!(err instanceof RemoteError) || err.transient) throw err;
    log.warn({ migration: id, err }, "what settled parts left could not be cleared away");
    return null;
  }
}

const isOver = ({ status, since, isCleared }: Shard, now: number): boolean =>
  !isCleared &&
  (status === "merged" || (status === "closed" && now - since >= limits.migration.closedKeptMs));

/** Commits of parts that are in the ledger no more, since their run was undone. */
async function orphans(
  { refs, ledger }: Pick<TidyWorld, "refs" | "ledger">,
  { ref, id }: Which,
): Promise<RefUpdate[]> {
  const kept = [...refs].filter(([name]) => name.startsWith("refs/fanfold/"));
  const left = (shards: readonly Shard[]) => {
    const known = new Set(shards.map((shard) => keptRefOf(id, shard)));
    return kept.filter(([name]) => !known.has(name));
  };
  const { shards } = await newest(ledger.book, { ref, id });
  if (left(shards).length === 0) return [];
  // Another process may have put them there a moment ago.
  const now = (await ledger.book.read(ref)).get(id);
  return left(now?.shards ?? []).map(([name, from]) => ({ ref: name, from, to: null }));
}

/** A branch that is not where we left it is somebody's. */
function refsOf(id: string, shard: Shard, refs: FoldWorld["refs"]): RefUpdate[] {
  const kept = keptRefOf(id, shard);
  const branch = branchRef(shard.branch);
  const isOurs = refs.get(branch) === shard.tip;
  return [kept, ...(isOurs ? [branch] : [])].flatMap((ref) => {
    const from = refs.get(ref);
    return from === undefined ? [] : [{ ref, from, to: null }];
  });
}
