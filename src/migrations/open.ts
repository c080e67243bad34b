// Opens pull requests for parts that wait, as many as there is room for, each once: claimed in the ledger first, by one of several processes.

import { limits } from "../config/limits.ts";
import type { Oid } from "../repo/git-data.ts";
import { branchRef } from "../repo/refs.ts";
import type { Settings } from "../settings/keys.ts";
import type { PullRequest } from "../world/pulls.ts";
import { changeShard, seenIn, type Which, withShard } from "./book.ts";
import { type Next, showOn } from "./fold.ts";
import { type LookWorld, orNote, shownAs, trouble } from "./look.ts";
import { type Opened, type Room, roomFor } from "./pace.ts";
import { renderPull } from "./render/pull.ts";
import { isSettled, type Migration, type MigrationsState, type Shard } from "./state.ts";

export interface OpenWorld extends LookWorld {
  settings: Settings;
}

export const roomIn = (all: MigrationsState, settings: Settings, now: number): Room =>
  roomFor(
    {
      hourlyLimit: settings["pullRequests.hourlyLimit"],
      concurrentLimit: settings["pullRequests.concurrentLimit"],
      window: settings["pullRequests.window"],
    },
    openedIn(all, now),
    now,
  );

function openedIn(all: MigrationsState, now: number): Opened {
  const shards = [...all.values()].flatMap((each) => each.shards);
  return {
    at: shards.flatMap(({ openedAt }) => openedAt ?? []),
    open: shards.filter((each) => !isSettled(each) && (each.pull !== null || isClaimed(each, now)))
      .length,
  };
}

/** Somebody is about to open it, or was when it died. */
const isClaimed = ({ pull, openedAt }: Shard, now: number): boolean =>
  pull === null && openedAt !== null && now - openedAt < limits.migration.lookMs;

export async function openNext(
  world: OpenWorld,
  which: Which,
  migration: Migration,
): Promise<void> {
  const { ledger, settings, now } = world;
  for (const shard of migration.shards) {
    if (shard.status !== "todo" || isClaimed(shard, now)) continue;
    if (roomIn(await ledger.book.known(which.ref), settings, now).count === 0) return;
    const change = await orNote(openOne(world, which, { migration, shard }));
    const isOther = change.status !== undefined;
    const to = isOther ? { ...change, since: now } : change;
    const isWritten = await changeShard(ledger.book, which, { shard, to });
    if (!isWritten) await closeUndone(world, which, { shard, pull: change.pull });
  }
}

/** Its run was undone while its pull request was being opened. */
async function closeUndone(
  { forge, ledger, mirror }: OpenWorld,
  which: Which,
  { shard, pull }: { shard: Shard; pull: number | null | undefined },
): Promise<void> {
  if (pull == null) return;
  const { shards } = (await ledger.book.read(which.ref)).get(which.id) ?? { shards: [] };
  if (shards.some(({ name }) => name === shard.name)) return;
  const { state, body, head } = await forge.pullRequest(pull);
  if (state !== "open") return;
  await forge.editPullRequest(pull, { state: "closed", body: `${UNDONE}\n\n${body}` });
  await mirror.push([{ ref: branchRef(head.ref), from: head.sha, to: null }]);
}

const UNDONE = "↩️ **Undone**: the run that made this was taken back, so this was closed.";

async function openOne(
  world: OpenWorld,
  which: Which,
  { migration, shard }: { migration: Migration; shard: Shard },
): Promise<Partial<Shard>> {
  const { onto } = world;
  const claim = claimOf(world, which, shard);
  const shown = await showOn(world, migration, { shard, onto, claim });
  if (shown.kind === "nothing-left")
    return { status: "merged", note: "The default branch held all of it already." };
  if (shown.kind !== "shown") return trouble(shown, onto);
  const { pull, told } = await ensurePull(world, migration, shard);
  const status = pull.state === "closed" && !pull.merged ? "closed" : "open";
  return { ...shownAs(shard, shown, onto), status, pull: pull.number, told };
}

/** Counts it among what was opened within the hour, as long as there is room by then. */
const claimOf =
  ({ ledger, settings, now }: OpenWorld, which: Which, shard: Shard) =>
  async (next: Next): Promise<boolean> => {
    let isMine = false;
    await ledger.book.change(which.ref, (all) => {
      isMine = false;
      const migration = all.get(which.id);
      const known = migration === undefined ? null : seenIn(migration, shard);
      if (migration === undefined || known === null) return null;
      // An earlier claim of its own takes no room from it.
      const unclaimed = withShard(migration, { shard, to: { openedAt: null } }) ?? migration;
      const others = new Map([...all, [which.id, unclaimed]]);
      if (isClaimed(known, now) || roomIn(others, settings, now).count === 0) return null;
      isMine = true;
      const claimed = withShard(migration, { shard, to: { next, openedAt: now } });
      return claimed === null ? null : new Map([...all, [which.id, claimed]]);
    });
    return isMine;
  };

/** The branch names it: one that was opened before it could be noted is found, and a closed one is a no. */
async function ensurePull(
  { forge, base }: OpenWorld,
  migration: Migration,
  shard: Shard,
): Promise<{ pull: PullRequest; told: Oid | null }> {
  const known = await forge.findPullRequest(shard.branch);
  if (known !== null) return { pull: known, told: null };
  const words = renderPull(migration, shard);
  const opened = { head: shard.branch, base, ...words, draft: false };
  return { pull: await forge.createPullRequest(opened), told: shard.head };
}
