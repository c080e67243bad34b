// Branches and hidden refs of parts that are settled are cleared away: of a closed one later, since people open some again.

import { limits } from "../config/limits.ts";
import { branchRef } from "../repo/refs.ts";
import type { RefUpdate } from "../repo/remote.ts";
import { changeMigration, newest, type Which } from "./book.ts";
import type { FoldWorld } from "./fold.ts";
import type { LookWorld } from "./look.ts";
import { keptRefOf, type Migration, type Shard } from "./state.ts";

export async function tidyRefs(
  { push, refs, now, ledger }: Pick<LookWorld, "push" | "refs" | "now" | "ledger">,
  which: Which,
  { id, shards }: Migration,
): Promise<void> {
  const over = shards.filter((shard) => isOver(shard, now));
  const remove = [
    ...over.flatMap((shard) => refsOf(id, shard, refs)),
    ...(await orphans({ refs, ledger }, which)),
  ];
  if (over.length + remove.length === 0) return;
  // What somebody moved in this very moment is theirs.
  await push(remove);
  const names = new Set(over.map(({ name }) => name));
  await changeMigration(ledger.book, which, (known) => ({
    ...known,
    shards: known.shards.map((each) =>
      names.has(each.name) && isOver(each, now) ? { ...each, isCleared: true } : each,
    ),
  }));
}

const isOver = ({ status, since, isCleared }: Shard, now: number): boolean =>
  !isCleared &&
  (status === "merged" || (status === "closed" && now - since >= limits.migration.closedKeptMs));

/** Commits of parts that are in the ledger no more, since their run was undone. */
async function orphans(
  { refs, ledger }: Pick<LookWorld, "refs" | "ledger">,
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
