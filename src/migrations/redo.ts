// Parts that conflict or whose checks fail are done again by a run of their own, a bounded number of times.

import { authorize } from "../command/authorize.ts";
import { RunRefused } from "../command/run-desk.ts";
import { limits } from "../config/limits.ts";
import type { RunDeskHandle } from "../runs/desk.ts";
import { runIdOf } from "../runs/names.ts";
import { code } from "../runs/render/text.ts";
import type { Log } from "../world/log.ts";
import { changeShard, type Which } from "./book.ts";
import type { OpenWorld } from "./open.ts";
import { isBroken, type Migration, type MigrationsState, type Shard } from "./state.ts";

export interface RedoWorld extends OpenWorld {
  desk: Pick<RunDeskHandle, "start" | "outcome">;
  log: Log;
}

export async function redoBroken(
  world: RedoWorld,
  which: Which,
  migration: Migration,
): Promise<void> {
  const broken = migration.shards.filter(
    (each) => isBroken(each) && each.failure?.isMendable !== false,
  );
  for (const shard of broken) {
    if (shard.redo !== null && !(await isOver(world, which, shard.redo))) continue;
    if (shard.again >= limits.migration.again) await giveUp(world, which, shard);
    else if (!(await redo(world, which, { migration, shard }))) return;
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

async function giveUp({ ledger }: RedoWorld, which: Which, shard: Shard): Promise<void> {
  if (shard.note?.startsWith("It was done again") === true) return;
  const how =
    shard.pull === null
      ? "tried once more when somebody runs the migration again."
      : "left to people.";
  const note = `It was done again ${limits.migration.again} times and is ${how} ${plain(shard.note)}`;
  await changeShard(ledger.book, which, { shard, to: { redo: null, note: note.trim() } });
}

/** False when no other one can begin either. */
async function redo(
  world: RedoWorld,
  which: Which,
  { migration, shard }: { migration: Migration; shard: Shard },
): Promise<boolean> {
  const { ledger, now } = world;
  if (isFull(await ledger.book.known(which.ref), shard)) return false;
  const write = (to: Partial<Shard>): Promise<boolean> =>
    changeShard(ledger.book, which, { shard, to });
  const task = taskOf(migration, shard);
  const why = task === null ? TOO_LONG : await refusalOf(world, migration);
  if (why !== null || task === null) {
    await write({ note: why });
    return true;
  }
  const key = `migration-${migration.id}-${shard.branch}-${shard.again + 1}`;
  const run = runIdOf(which.ref.repositoryId, key);
  // Claimed first: of several processes one begins it.
  const isMine = await write({ again: shard.again + 1, redo: { run, at: now } });
  if (!isMine) return true;
  const refused = await begin(world, which, { migration, shard, key, task });
  // What could not begin was not tried.
  if (refused !== null) await write({ again: shard.again, redo: null, note: refused });
  return refused === null;
}

/** So many runs are at it already. */
const isFull = (all: MigrationsState, besides: Shard): boolean =>
  [...all.values()]
    .flatMap(({ shards }) => shards)
    .filter(({ redo: each, branch }) => each !== null && branch !== besides.branch).length >=
  limits.migration.againAtOnce;

const TOO_LONG = "It is not done again by itself: the words of this migration are too long for it.";

function taskOf({ what }: Migration, { name }: Shard): string | null {
  const task = `migrate ${JSON.stringify({ what, only: [name] })}`;
  return task.length > limits.command.taskChars ? null : task;
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

/** Why it could not, for people; null when it did. */
async function begin(
  { desk }: RedoWorld,
  which: Which,
  given: { migration: Migration; shard: Shard; key: string; task: string },
): Promise<string | null> {
  const { migration, shard, key, task } = given;
  try {
    await desk.start({
      repository: which.ref,
      thread: migration.issue ?? migration.thread,
      isPullRequest: false,
      key,
      said: null,
      place: null,
      requester: migration.by,
      line: null,
      words: task.split(/\s+/u),
      task,
      flags: { budgetUsd: null, maxAgents: null, base: null, hours: null },
      notes: [`Does the part ${code(shard.name)} again: ${plain(shard.note)}`],
      waitsForApproval: false,
    });
    return null;
  } catch (error) {
    if (!(error instanceof RunRefused)) throw error;
    return error.message;
  }
}
