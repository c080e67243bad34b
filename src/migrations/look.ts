// One look at one migration: what people and CI said of each open part, and what of it has to be brought up to date. Level-triggered.

import { limits } from "../config/limits.ts";
import type { Oid } from "../repo/git-data.ts";
import { code, counted, inline } from "../runs/render/text.ts";
import { endOfLog } from "../steps/checked.ts";
import { type Forge, ForgeError, type OtherCheck, type PullRequest } from "../world/forge.ts";
import { changeShard, type Which } from "./book.ts";
import { type FoldWorld, showOn } from "./fold.ts";
import type { Migrations } from "./ledger.ts";
import { type Migration, type Shard } from "./state.ts";

export interface LookWorld extends FoldWorld {
  ledger: Migrations;
  /** The newest commit of the default branch. */
  onto: Oid;
  /** Paths that differ between a commit and `onto`. */
  movedSince: (commit: Oid) => Promise<ReadonlySet<string>>;
}

/** Parts whose pull request is open, or was when somebody looked last. */
export async function lookAtOpen(
  world: LookWorld,
  which: Which,
  migration: Migration,
): Promise<void> {
  for (const shard of migration.shards) {
    if (shard.pull === null || shard.status === "merged" || shard.status === "closed") continue;
    const change = await newsOf(world, migration, {
      shard,
      pull: await world.forge.pullRequest(shard.pull),
    });
    const isOther = change.status !== undefined && change.status !== shard.status;
    const to = isOther ? { ...change, since: world.now } : change;
    await changeShard(world.ledger.book, which, { shard, to });
  }
}

async function newsOf(
  world: LookWorld,
  migration: Migration,
  { shard, pull }: { shard: Shard; pull: PullRequest },
): Promise<Partial<Shard>> {
  if (pull.merged) return { status: "merged", note: null, failure: null, redo: null };
  if (pull.state === "closed")
    return {
      status: "closed",
      note: "Closed by a person: that is a no, and it is not proposed again.",
      redo: null,
    };
  if (shard.tip !== null && pull.head.sha !== shard.tip)
    return {
      status: "open",
      failure: null,
      note: "Somebody works on its branch: it is left to them.",
    };
  const isStale = shard.shown !== shard.head || (await hasMoved(world, shard));
  if (isStale && shard.status !== "conflict") return await bringUpToDate(world, migration, shard);
  if (shard.status === "conflict") return await lookAgainAtConflict(world, migration, shard);
  return await checked(world.forge, shard, pull.head.sha);
}

/** Files of the part are other ones on the default branch by now. */
async function hasMoved({ onto, movedSince }: LookWorld, shard: Shard): Promise<boolean> {
  if (shard.onto === null || shard.onto === onto) return false;
  const moved = await movedSince(shard.onto);
  return shard.files.some((path) => moved.has(path));
}

async function bringUpToDate(
  world: LookWorld,
  migration: Migration,
  shard: Shard,
): Promise<Partial<Shard>> {
  const shown = await showOn(world, migration, { shard, onto: world.onto });
  switch (shown.kind) {
    case "shown":
      return {
        status: "open",
        tip: shown.tip,
        onto: world.onto,
        shown: shard.head,
        failure: null,
        note: null,
      };
    case "conflict":
      return { status: "conflict", failure: null, note: conflictNote(shown.paths) };
    case "nothing-left":
      return { note: "The default branch holds all of it already: this can be closed." };
    case "lost":
      return { note: "Its commits are not to be had any more; run the migration again for it." };
    case "theirs":
      return { note: "Somebody works on its branch: it is left to them." };
  }
}

export const conflictNote = (paths: readonly string[]): string =>
  `The default branch changed the same lines of ${paths.slice(0, 3).map(code).join(", ")}${paths.length > 3 ? ` and ${paths.length - 3} more` : ""}.`;

/** Whoever changed the default branch may have changed it back. */
async function lookAgainAtConflict(
  world: LookWorld,
  migration: Migration,
  shard: Shard,
): Promise<Partial<Shard>> {
  return shard.onto === world.onto ? {} : await bringUpToDate(world, migration, shard);
}

async function checked(forge: Forge, shard: Shard, sha: Oid): Promise<Partial<Shard>> {
  const checks = await forge.otherChecks(sha);
  if (checks.some(({ state }) => state === "pending")) return {};
  const failed = checks.filter(({ state }) => state === "failed");
  const [first] = failed;
  if (first === undefined) return { status: "open", failure: null, note: null };
  const names = failed.map(({ name }) => name);
  if (shard.failure !== null && shard.failure.names.join() === names.join()) return {};
  const log = await endOf(forge, first);
  const note = `${counted(failed.length, "check")} failed: ${names
    .slice(0, 3)
    .map((name) => inline(name, 60))
    .join(", ")}.`;
  return { status: "failing", failure: { names, log }, note };
}

async function endOf(forge: Forge, check: OtherCheck): Promise<string | null> {
  try {
    const text = await forge.endOfCheck(check);
    return text === null ? null : endOfLog(text, limits.migration.logChars);
  } catch (error) {
    // The log is help for whoever mends it; that it fails is known without.
    if (error instanceof ForgeError) return null;
    throw error;
  }
}
