// Opens pull requests for parts that wait, as many as there is room for, each once.

import type { Settings } from "../settings/keys.ts";
import type { Forge, PullRequest } from "../world/forge.ts";
import { changeShard, type Which } from "./book.ts";
import { showOn } from "./fold.ts";
import { conflictNote, type LookWorld } from "./look.ts";
import { type Opened, type Room, roomFor } from "./pace.ts";
import { renderPull } from "./render/pull.ts";
import type { Migration, MigrationsState, Shard } from "./state.ts";

export const roomIn = (all: MigrationsState, settings: Settings, now: number): Room =>
  roomFor(
    {
      hourlyLimit: settings["pullRequests.hourlyLimit"],
      concurrentLimit: settings["pullRequests.concurrentLimit"],
      window: settings["pullRequests.window"],
    },
    openedIn(all),
    now,
  );

function openedIn(all: MigrationsState): Opened {
  const shards = [...all.values()].flatMap((each) => each.shards);
  return {
    at: shards.flatMap(({ openedAt }) => openedAt ?? []),
    open: shards.filter(
      ({ pull, status }) => pull !== null && status !== "merged" && status !== "closed",
    ).length,
  };
}

/** How many were opened. */
export async function openNext(
  world: LookWorld,
  which: Which,
  { migration, base, room }: { migration: Migration; base: string; room: number },
): Promise<number> {
  let opened = 0;
  for (const shard of migration.shards) {
    if (opened >= room) break;
    if (shard.status !== "todo") continue;
    if (await openOne(world, which, { migration, base, shard })) opened += 1;
  }
  return opened;
}

async function openOne(
  world: LookWorld,
  which: Which,
  { migration, base, shard }: { migration: Migration; base: string; shard: Shard },
): Promise<boolean> {
  const { ledger, onto, now, forge } = world;
  const write = (to: Partial<Shard>): Promise<boolean> =>
    changeShard(ledger.book, which, { shard, to: { ...to, since: now } });
  const shown = await showOn(world, migration, { shard, onto });
  switch (shown.kind) {
    case "conflict":
      await write({ status: "conflict", onto, note: conflictNote(shown.paths) });
      return false;
    case "nothing-left":
      await write({ status: "merged", note: "The default branch held all of it already." });
      return false;
    case "lost":
      await write({
        note: "Its commits are not to be had any more; run the migration again for it.",
      });
      return false;
    case "theirs":
      await write({ note: "Somebody works on its branch: it is left to them." });
      return false;
    case "shown": {
      const pull = await ensurePull(forge, { migration, shard, base });
      const status = pull.state === "closed" && !pull.merged ? "closed" : "open";
      const at = { openedAt: now, onto, tip: shown.tip, shown: shard.head };
      await write({ status, pull: pull.number, ...at, note: null });
      return true;
    }
  }
}

/** The branch names it: one that was opened before it could be noted is found, and a closed one is a no. */
async function ensurePull(
  forge: Forge,
  { migration, shard, base }: { migration: Migration; shard: Shard; base: string },
): Promise<PullRequest> {
  const known = await forge.findPullRequest(shard.branch);
  if (known !== null) return known;
  const words = renderPull(migration, shard);
  return await forge.createPullRequest({ head: shard.branch, base, ...words, draft: false });
}
