// Parts that conflict or whose checks fail are done again by a run of their own, a bounded number of times.

import { authorize } from "../command/authorize.ts";
import { RunRefused } from "../command/run-desk.ts";
import { limits } from "../config/limits.ts";
import type { RunDeskHandle } from "../runs/desk.ts";
import { runIdOf } from "../runs/names.ts";
import { code } from "../runs/render/text.ts";
import type { Log } from "../world/log.ts";
import { changeMigration, changeShard, seenIn, type Which, withShard } from "./book.ts";
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
    const stage = shard.redo === null ? "over" : await stageOf(world, which, shard.redo);
    if (stage === "at-work") continue;
    // What did not begin was not tried.
    const tried = stage === "claimed" ? shard.again - 1 : shard.again;
    if (tried >= limits.migration.again) await giveUp(world, which, shard);
    else if (!(await redo(world, which, { migration, shard, tried }))) return;
  }
}

/** `claimed`: whoever was to begin the run died before it did, or met trouble that passes. */
async function stageOf(
  { desk, now, log }: RedoWorld,
  { ref }: Which,
  { run, at }: NonNullable<Shard["redo"]>,
): Promise<"claimed" | "at-work" | "over"> {
  const isLate = now >= at + limits.migration.redoMs;
  try {
    const outcome = await desk.outcome(ref, run);
    // As long as for a schedule's start: another process may be about to make it.
    if (outcome === null) return now < at + limits.schedule.claimMs ? "at-work" : "claimed";
    return outcome.isOver || isLate ? "over" : "at-work";
  } catch (err) {
    if (!isLate) throw err;
    log.warn({ run, err }, "a run that does a part again cannot be read, and is given up");
    return "over";
  }
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
  { migration, shard, tried }: { migration: Migration; shard: Shard; tried: number },
): Promise<boolean> {
  const { ledger, now } = world;
  // What was claimed has its place already.
  if (tried === shard.again && isFull(await ledger.book.known(which.ref), shard)) return false;
  const write = writerOf(world, which, shard);
  const task = taskOf(migration, shard);
  const why = task === null ? TOO_LONG : await refusalOf(world, migration);
  if (why !== null || task === null) {
    await write(shard.redo, { again: tried, redo: null, note: why });
    return true;
  }
  // However often it is asked for it is one run: what was claimed and not begun has the same key.
  const key = `migration-${migration.id}-${shard.branch}-${tried + 1}`;
  const claim = { run: runIdOf(which.ref.repositoryId, key), at: now };
  // Claimed first: of several processes one begins it.
  if (!(await write(shard.redo, { again: tried + 1, redo: claim }))) return true;
  const refused = await begin(world, which, { migration, shard, key, task });
  if (refused !== null) await write(claim, { again: tried, redo: null, note: refused });
  return refused === null;
}

/** As long as nobody else claimed it meanwhile. */
const writerOf =
  ({ ledger }: RedoWorld, which: Which, shard: Shard) =>
  (seen: Shard["redo"], to: Partial<Shard>): Promise<boolean> =>
    changeMigration(ledger.book, which, (migration) =>
      seenIn(migration, shard)?.redo?.at === seen?.at ? withShard(migration, { shard, to }) : null,
    );

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
