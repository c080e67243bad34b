// The text of a pull request tells of the part as its branch shows it, also when that was done again.

import { changeShard, newest, type Which } from "./book.ts";
import { type LookWorld, orNote } from "./look.ts";
import { renewedBody } from "./render/pull.ts";
import { isSettled, type Migration, type Shard } from "./state.ts";

export async function renewTexts(world: LookWorld, which: Which): Promise<void> {
  const migration = await newest(world.ledger.book, which);
  for (const shard of migration.shards) {
    if (shard.pull === null || isSettled(shard)) continue;
    if (shard.shown !== shard.head || shard.told === shard.head) continue;
    const to = await orNote(renew(world, migration, { shard, number: shard.pull }));
    await changeShard(world.ledger.book, which, { shard, to });
  }
}

async function renew(
  { forge }: LookWorld,
  migration: Migration,
  { shard, number }: { shard: Shard; number: number },
): Promise<Partial<Shard>> {
  const pull = await forge.pullRequest(number);
  const body = renewedBody(pull.body, migration, shard);
  if (body !== pull.body) await forge.editPullRequest(number, { body });
  return { told: shard.head };
}
