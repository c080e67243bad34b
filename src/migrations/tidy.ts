// Branches and hidden refs of parts that are settled are cleared away: of a closed one later, since people open some again.

import { limits } from "../config/limits.ts";
import { branchRef } from "../repo/refs.ts";
import type { RefUpdate } from "../repo/remote.ts";
import { changeMigration, type Which } from "./book.ts";
import type { FoldWorld } from "./fold.ts";
import type { LookWorld } from "./look.ts";
import { keptRefOf, type Migration, type Shard } from "./state.ts";

const REFS_AT_ONCE = 50;

export async function tidyRefs(
  { mirror, refs, now, ledger }: Pick<LookWorld, "mirror" | "refs" | "now" | "ledger">,
  which: Which,
  { id, shards }: Migration,
): Promise<void> {
  const over = shards.filter((shard) => isOver(shard, now));
  if (over.length === 0) return;
  const remove = over.flatMap((shard) => refsOf(id, shard, refs));
  // What somebody moved in this very moment is theirs.
  for (let from = 0; from < remove.length; from += REFS_AT_ONCE)
    await mirror.push(remove.slice(from, from + REFS_AT_ONCE));
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
