// The issue of a migration: opened once, kept true, and no longer looked after once it told that all is settled.

import { findOrOpen, putPart } from "../schedules/issue.ts";
import type { RulesNow } from "../settings/rules.ts";
import { changeMigration, newest, type Which } from "./book.ts";
import { roomIn } from "./open.ts";
import type { RedoWorld } from "./redo.ts";
import { isRefusal } from "./refusal.ts";
import { migrationMarker, renderIssue } from "./render/issue.ts";
import { isSettled } from "./state.ts";

/** Where there can be no issue, the pull requests come without. */
export async function ensureIssue({ forge, ledger, log }: RedoWorld, which: Which): Promise<void> {
  const { issue, what } = await newest(ledger.book, which);
  const title = `Migration: ${what.replace(/\s+/gu, " ").slice(0, 100)}`;
  const marker = migrationMarker(which.id);
  try {
    const number = await findOrOpen(forge, { known: issue, marker, title });
    if (number === issue) return;
    await changeMigration(ledger.book, which, (now) => ({ ...now, issue: number }));
  } catch (err) {
    if (!isRefusal(err)) throw err;
    log.warn({ migration: which.id, err }, "a migration has no issue to tell of itself in");
  }
}

/** `isTidy`: the look went through, and left nothing that the next one has to do. */
export async function tell(
  world: RedoWorld,
  which: Which,
  { rules, isTidy }: { rules: RulesNow; isTidy: boolean },
): Promise<void> {
  const { forge, ledger, settings, now } = world;
  const migration = await newest(ledger.book, which);
  if (migration.issue !== null) {
    const room = roomIn(await ledger.book.known(which.ref), settings, now);
    const part = renderIssue({ migration, room, stopped: stoppedBy(rules) });
    const marker = migrationMarker(which.id);
    await putPart(forge, migration.issue, { marker, part, reopen: false });
  }
  // Told to the end: it is looked at no more until something is new.
  const isOver = isTidy && migration.shards.every(isSettled);
  const settledAt = isOver ? migration.settledAt || now : 0;
  await changeMigration(ledger.book, which, (known) =>
    known.settledAt === settledAt || known.shards.length !== migration.shards.length
      ? null
      : { ...known, settledAt },
  );
}

/** Why nothing is opened or done again now, for people; null when it is. */
export function stoppedBy({ closed, effective }: RulesNow): string | null {
  if (closed !== null) return CLOSED[closed.why];
  if (effective.settings["pullRequests.per"] === "shard") return null;
  return "`pullRequests.per` is not `shard` any more, so nothing is opened";
}

const CLOSED = {
  setting: "`disableWorkflows` holds here, so nothing is opened",
  switch: "somebody switched Fanfold off here (`/workflow on` undoes that)",
  unreadable: "nobody can tell whether Fanfold was switched off here, so nothing is opened",
  broken: "`.github/fanfold.yml` cannot be read, so nothing is opened",
} as const;
