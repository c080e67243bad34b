// Parts that conflict or whose checks fail are done again by a run of their own, a bounded number of times.

import { authorize } from "../command/authorize.ts";
import { RunRefused } from "../command/run-desk.ts";
import { limits } from "../config/limits.ts";
import type { RunDeskHandle } from "../runs/desk.ts";
import { runIdOf } from "../runs/names.ts";
import { code } from "../runs/render/text.ts";
import type { Settings } from "../settings/keys.ts";
import { changeShard, type Which } from "./book.ts";
import type { LookWorld } from "./look.ts";
import type { Migration, Shard } from "./state.ts";

export interface RedoWorld extends LookWorld {
  desk: RunDeskHandle;
  settings: Settings;
}

export async function redoBroken(
  world: RedoWorld,
  which: Which,
  migration: Migration,
): Promise<void> {
  for (const shard of migration.shards) {
    if (shard.status !== "conflict" && shard.status !== "failing") continue;
    if (shard.redo !== null && !(await isOver(world, which, shard.redo))) continue;
    await redo(world, which, { migration, shard });
  }
}

async function isOver(
  { desk, now }: RedoWorld,
  { ref }: Which,
  { run, at }: NonNullable<Shard["redo"]>,
): Promise<boolean> {
  if (now >= at + limits.migration.redoMs) return true;
  return (await desk.outcome(ref, run))?.isOver ?? false;
}

async function redo(
  world: RedoWorld,
  which: Which,
  { migration, shard }: { migration: Migration; shard: Shard },
): Promise<void> {
  const { ledger, now } = world;
  const write = (to: Partial<Shard>): Promise<boolean> =>
    changeShard(ledger.book, which, { shard, to });
  if (shard.again >= limits.migration.again) {
    const tried = `It was done again ${limits.migration.again} times and is left to people. ${plain(shard.note)}`;
    if (shard.note?.startsWith("It was done again") !== true)
      await write({ redo: null, note: tried.trim() });
    return;
  }
  const why = await refusalOf(world, migration);
  if (why !== null) return void (await write({ note: why }));
  const key = `migration-${migration.id}-${shard.branch}-${shard.again + 1}`;
  const run = runIdOf(which.ref.repositoryId, key);
  // Claimed first: of several processes one begins it, and what was claimed and not begun counts as tried.
  const isMine = await write({ again: shard.again + 1, redo: { run, at: now } });
  if (isMine) await begin(world, which, { migration, shard, key });
}

const plain = (note: string | null): string => note ?? "";

/** Whoever began it must still be allowed to. */
async function refusalOf(
  { forge, settings }: RedoWorld,
  { by }: Migration,
): Promise<string | null> {
  const needs = settings["permissions.run"];
  const { role, userId } = await forge.permissionOf(by.login);
  if (authorize(by.id, { kind: "known", role, userId }, needs).allowed) return null;
  return `It is not done again: ${code(by.login)}, on whose word this migration was begun, has **${role}** access and needs **${needs}**.`;
}

async function begin(
  { desk, ledger }: RedoWorld,
  which: Which,
  { migration, shard, key }: { migration: Migration; shard: Shard; key: string },
): Promise<void> {
  const task = `migrate ${JSON.stringify({ what: migration.what, only: [shard.name] })}`;
  try {
    await desk.start({
      repository: which.ref,
      thread: migration.issue ?? migration.thread,
      isPullRequest: false,
      key,
      said: null,
      place: null,
      requester: migration.by,
      words: task.split(/\s+/u),
      task: task.slice(0, limits.command.taskChars),
      flags: { budgetUsd: null, maxAgents: null, base: null, hours: null },
      notes: [`Does the part ${code(shard.name)} again: ${plain(shard.note)}`],
      waitsForApproval: false,
    });
  } catch (error) {
    if (!(error instanceof RunRefused)) throw error;
    await changeShard(ledger.book, which, { shard, to: { redo: null, note: error.message } });
  }
}
