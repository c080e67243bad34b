// One visit to a repository: each of its migrations that moves is looked at, goes on, and is told of.

import { branchRef } from "../repo/refs.ts";
import type { Oid } from "../repo/git-data.ts";
import type { House } from "../runs/house.ts";
import type { RulesNow } from "../settings/rules.ts";
import type { Forge, RepositoryRef } from "../world/forge.ts";
import type { OtherCheck } from "../world/checks.ts";
import type { Log } from "../world/log.ts";
import { newest, type Which } from "./book.ts";
import { keepHeads } from "./fold.ts";
import type { Migrations } from "./ledger.ts";
import { lookAtOpen } from "./look.ts";
import { openNext } from "./open.ts";
import { type RedoWorld, redoBroken } from "./redo.ts";
import { listRefs, pusherOf } from "./refs.ts";
import { isRefusal } from "./refusal.ts";
import { renewTexts } from "./renew.ts";
import type { Migration, Shard } from "./state.ts";
import { tidyRefs } from "./tidy.ts";
import { ensureIssue, stoppedBy, tell } from "./told.ts";

export interface VisitWorld {
  house: House;
  ledger: Migrations;
  desk: RedoWorld["desk"];
}

export interface Looked {
  moving: readonly Migration[];
  isSettledDue: (shard: Shard) => boolean;
  signal: AbortSignal;
}

export async function visit(
  kit: VisitWorld,
  ref: RepositoryRef,
  { moving, isSettledDue, signal }: Looked,
): Promise<void> {
  const { house, ledger, desk } = kit;
  const rules = await house.rules.of(ref);
  const forge = await house.world.openForge(ref);
  const { defaultBranch: base, isArchived } = await forge.repository();
  if (isArchived) return;
  const site = await house.site(ref);
  const { mirror } = site;
  const onto = await mirror.fetch(branchRef(base));
  if (onto === null) return;
  const { settings } = rules.effective;
  const { author } = house.settings;
  const { clock, log } = house.world;
  const push = pusherOf({ ...site, clock, log, signal });
  const shared = {
    log,
    forge,
    mirror,
    author,
    push,
    ledger,
    base,
    onto,
    desk,
    settings,
    isSettledDue,
  };
  const movedSince = remembered(async (commit) => {
    const counts = await mirror.lineCounts(commit, onto);
    return new Set(counts.map(({ path }) => path));
  });
  const checksOn = remembered((commit) => checksIfAny(forge, commit));
  for (const each of moving) {
    const which = { ref, id: each.id };
    const listed = await listRefs(mirror, each.id);
    const refs = await keepHeads({ mirror, push, refs: listed }, each);
    // Where many refs go in small pushes, the minutes have passed by then.
    const now = clock.now();
    await apart(log, visitOne({ ...shared, now, refs, movedSince, checksOn }, which, rules));
  }
}

/** What GitHub refuses to one migration keeps no other one. */
async function apart(log: Log, work: Promise<void>): Promise<void> {
  try {
    await work;
  } catch (err) {
    if (!isRefusal(err)) throw err;
    log.warn({ err }, "a migration could not go on; it is looked at again");
  }
}

/** Its issue is told whatever came of the rest. */
async function visitOne(world: RedoWorld, which: Which, rules: RulesNow): Promise<void> {
  const { ledger } = world;
  const { shards, issue } = await newest(ledger.book, which);
  // All of it was undone before anybody saw it: there is nothing to tell.
  if (shards.length > 0 || issue !== null) await ensureIssue(world, which);
  let isTidy = false;
  try {
    await lookAtOpen(world, which, await newest(ledger.book, which));
    await renewTexts(world, which);
    if (stoppedBy(rules) === null) {
      await openNext(world, which, await newest(ledger.book, which));
      await redoBroken(world, which, await newest(ledger.book, which));
    }
    isTidy = await tidyRefs(world, which, await newest(ledger.book, which));
  } finally {
    await tell(world, which, { rules, isTidy });
  }
}

/** A commit that GitHub does not show us the checks of has none for us. */
async function checksIfAny(forge: Forge, commit: Oid): Promise<readonly OtherCheck[]> {
  try {
    return await forge.otherChecks(commit);
  } catch (error) {
    if (!isRefusal(error)) throw error;
    return [];
  }
}

/** Asked once for each commit. */
function remembered<T>(ask: (commit: string) => Promise<T>): (commit: string) => Promise<T> {
  const known = new Map<string, Promise<T>>();
  return (commit) => {
    const asked = known.get(commit) ?? ask(commit);
    known.set(commit, asked);
    return asked;
  };
}
