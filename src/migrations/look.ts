// One look at one migration: what people said of each part that is proposed, and what of it has to be brought up to date. Level-triggered.

import type { Oid } from "../repo/git-data.ts";
import { code, inline } from "../runs/render/text.ts";
import type { Forge } from "../world/forge.ts";
import type { PullRequest } from "../world/pulls.ts";
import { changeMigration, changeShard, seenIn, type Which, withShard } from "./book.ts";
import { judgeChecks, type ChecksWorld } from "./checks.ts";
import { type FoldWorld, type Next, type Shown, showOn } from "./fold.ts";
import type { Migrations } from "./ledger.ts";
import { isRefusal } from "./refusal.ts";
import type { Migration, Shard } from "./state.ts";

export interface LookWorld extends FoldWorld, ChecksWorld {
  forge: Forge;
  ledger: Migrations;
  /** Name of the default branch, and its newest commit. */
  base: string;
  onto: Oid;
  /** Paths that differ between a commit and `onto`. */
  movedSince: (commit: Oid) => Promise<ReadonlySet<string>>;
  /** Whether it is time to look at a settled part once more. */
  isSettledDue: (shard: Shard) => boolean;
}

/** Every part that has a pull request, except what is merged. */
export async function lookAtOpen(
  world: LookWorld,
  which: Which,
  migration: Migration,
): Promise<void> {
  for (const shard of migration.shards) {
    if (shard.pull === null || shard.status === "merged") continue;
    if (shard.status === "closed" && !world.isSettledDue(shard)) continue;
    const look = newsOf(world, which, { migration, shard, number: shard.pull });
    const change = await orNote(look);
    const isOther = change.status !== undefined && change.status !== shard.status;
    const to = isOther ? { ...change, since: world.now } : change;
    await changeShard(world.ledger.book, which, { shard, to });
  }
}

/** What GitHub does not do for one part keeps no other one; what it does for nobody now is tried again later. */
export async function orNote(work: Promise<Partial<Shard>>): Promise<Partial<Shard>> {
  try {
    return await work;
  } catch (error) {
    if (!isRefusal(error)) throw error;
    return { note: `It is tried again, since GitHub said no: ${inline(error.message, 200)}` };
  }
}

const THEIRS = "Somebody works on its branch: it is left to them.";
const LOST = "Its commits are not to be had any more, so it is to be done again.";

async function newsOf(
  world: LookWorld,
  which: Which,
  { migration, shard, number }: { migration: Migration; shard: Shard; number: number },
): Promise<Partial<Shard>> {
  const pull = await world.forge.pullRequest(number);
  const over = overBy(pull);
  if (over !== null) return over;
  if (shard.status !== "closed") return await newsOfOpen(world, which, { migration, shard, pull });
  const reopened = { ...shard, status: "open" as const, note: null };
  const news = await newsOfOpen(world, which, { migration, shard: reopened, pull });
  return { status: "open", note: null, ...news };
}

function overBy(pull: PullRequest): Partial<Shard> | null {
  if (pull.merged) return { status: "merged", note: null, failure: null, redo: null };
  if (pull.state === "open") return null;
  const note = "Closed by a person: that is a no, and it is not proposed again.";
  return { status: "closed", note, redo: null };
}

async function newsOfOpen(
  world: LookWorld,
  which: Which,
  { migration, shard, pull }: { migration: Migration; shard: Shard; pull: PullRequest },
): Promise<Partial<Shard>> {
  const { next, tip } = shard;
  const { sha } = pull.head;
  const left = { status: "open", failure: null, redo: null } as const;
  if (next !== null && sha === next.tip && sha !== tip) return { ...next, next: null };
  if (pull.base.ref !== world.base)
    return { ...left, note: `Somebody pointed it at ${code(pull.base.ref)}: it is left to them.` };
  if (tip !== null && sha !== tip) return { ...left, note: THEIRS };
  const isStale = shard.shown !== shard.head || (await hasMoved(world, shard));
  if (shard.status === "conflict")
    return shard.onto === world.onto ? {} : await bringUpToDate(world, which, { migration, shard });
  if (isStale) return await bringUpToDate(world, which, { migration, shard });
  const judged = await judgeChecks(world, shard, sha);
  return judged === "anew" ? await bringUpToDate(world, which, { migration, shard }) : judged;
}

/** Files of the part are other ones on the default branch by now. */
async function hasMoved({ onto, movedSince }: LookWorld, shard: Shard): Promise<boolean> {
  if (shard.onto === null || shard.onto === onto) return false;
  const moved = await movedSince(shard.onto);
  return shard.files.some((path) => moved.has(path));
}

async function bringUpToDate(
  world: LookWorld,
  which: Which,
  { migration, shard }: { migration: Migration; shard: Shard },
): Promise<Partial<Shard>> {
  const { onto } = world;
  const claim = claimOf(world, which, shard);
  const shown = await showOn(world, migration, { shard, onto, claim });
  if (shown.kind === "shown") return { ...shownAs(shard, shown, onto), status: "open" };
  return shown.kind === "nothing-left"
    ? { note: "The default branch holds all of it already: this can be closed." }
    : trouble(shown, onto);
}

/** What stands in the ledger of a part whose branch is where we want it. */
export const shownAs = (
  shard: Shard,
  { tip, paths }: Extract<Shown, { kind: "shown" }>,
  onto: Oid,
): Partial<Shard> => ({
  tip,
  onto,
  shown: shard.head,
  next: null,
  files: [...new Set([...shard.files, ...paths])],
  failure: null,
  pendingSince: null,
  redo: null,
  note: null,
});

/** What is written of a part whose branch cannot be put where we want it. */
export function trouble(
  shown: Exclude<Shown, { kind: "shown" | "nothing-left" }>,
  onto: Oid,
): Partial<Shard> {
  switch (shown.kind) {
    case "conflict":
      return { status: "conflict", onto, failure: null, note: conflictNote(shown.paths) };
    case "lost":
      return { status: "conflict", onto, failure: null, note: LOST };
    case "theirs":
      return { note: THEIRS };
    case "later":
      return {};
  }
}

/** Writes down where our branch goes; false when the part is another one by now. */
const claimOf =
  ({ ledger }: LookWorld, which: Which, shard: Shard) =>
  async (next: Next): Promise<boolean> => {
    let isMine = false;
    await changeMigration(ledger.book, which, (migration) => {
      isMine = seenIn(migration, shard) !== null;
      return withShard(migration, { shard, to: { next } });
    });
    return isMine;
  };

const conflictNote = (paths: readonly string[]): string =>
  `The default branch changed the same lines of ${paths.slice(0, 3).map(code).join(", ")}${paths.length > 3 ? ` and ${paths.length - 3} more` : ""}.`;
