// The heartbeat of migrations: what is new in each is written down, what there is room for is opened, and its issue tells the truth.

import { limits } from "../config/limits.ts";
import { branchRef } from "../repo/refs.ts";
import type { RunDeskHandle } from "../runs/desk.ts";
import type { House } from "../runs/house.ts";
import type { RulesNow } from "../settings/rules.ts";
import { findOrOpen, putPart } from "../schedules/issue.ts";
import type { RepositoryRef } from "../world/forge.ts";
import { changeMigration, type Which } from "./book.ts";
import { type Migrations, openMigrations } from "./ledger.ts";
import { lookAtOpen } from "./look.ts";
import { openNext, roomIn } from "./open.ts";
import { type RedoWorld, redoBroken } from "./redo.ts";
import { bar, migrationMarker, progressWords, renderIssue } from "./render/issue.ts";
import { code, inline } from "../runs/render/text.ts";
import { isSettled, type Migration, type MigrationsState } from "./state.ts";

export interface MigrationDesk {
  /** One look at everything that is due. Never rejects: what fails is logged, and tried again at the next beat. */
  beat(signal: AbortSignal): Promise<void>;
  /** How far migrations are, as Markdown for the dashboard; null where there are none. */
  progress: (ref: RepositoryRef) => Promise<string | null>;
}

interface Kit {
  house: House;
  desk: RunDeskHandle;
  ledger: Migrations;
  /** By the repository's id: when it is looked at next. */
  due: Map<number, { ref: RepositoryRef; at: number }>;
}

export function createMigrationDesk(house: House, desk: RunDeskHandle): MigrationDesk {
  const kit: Kit = { house, desk, ledger: openMigrations(house), due: new Map() };
  let listedAt = -Infinity;
  const { clock } = house.world;
  return {
    progress: async (ref) => progressOf(await kit.ledger.book.known(ref)),
    beat: async (signal) => {
      const now = clock.now();
      if (now - listedAt >= limits.migration.listMs && (await list(kit))) listedAt = now;
      for (const ref of kit.ledger.news()) kit.due.set(ref.repositoryId, { ref, at: 0 });
      for (const { ref, at } of kit.due.values()) {
        if (signal.aborted) return;
        if (at <= clock.now()) await look(kit, ref);
      }
    },
  };
}

/** Repositories come and go with installations. True when GitHub told all of them. */
async function list({ house, due }: Kit): Promise<boolean> {
  const { log, repositories } = house.world;
  const there = new Set<number>();
  try {
    for await (const ref of repositories()) {
      there.add(ref.repositoryId);
      due.set(ref.repositoryId, { ref, at: due.get(ref.repositoryId)?.at ?? 0 });
    }
  } catch (err) {
    log.warn({ err }, "the repositories could not be listed; migrations of the known ones go on");
    return false;
  }
  for (const id of [...due.keys()].filter((each) => !there.has(each))) due.delete(id);
  return true;
}

async function look(kit: Kit, ref: RepositoryRef): Promise<void> {
  const { house, due } = kit;
  const { clock, log } = house.world;
  const again = (ms: number): void => void due.set(ref.repositoryId, { ref, at: clock.now() + ms });
  try {
    const all = await kit.ledger.book.read(ref);
    const moving = [...all.values()].filter(
      ({ shards, issue }) => issue === null || !shards.every(isSettled),
    );
    again(moving.length === 0 ? limits.migration.listMs : limits.migration.lookMs);
    if (moving.length > 0) await visit(kit, ref, moving);
  } catch (err) {
    again(limits.migration.lookMs);
    const repository = `${ref.owner}/${ref.name}`;
    log.warn({ repository, err }, "the migrations of a repository could not be looked at");
  }
}

async function visit(kit: Kit, ref: RepositoryRef, moving: readonly Migration[]): Promise<void> {
  const { house, ledger } = kit;
  const rules = await house.rules.of(ref);
  const forge = await house.world.openForge(ref);
  const { defaultBranch: base } = await forge.repository();
  const { mirror } = await house.site(ref);
  const onto = await mirror.fetch(branchRef(base));
  if (onto === null) return;
  const { settings } = rules.effective;
  const { author } = house.settings;
  const now = house.world.clock.now();
  const shared = { forge, mirror, author, now, ledger, onto, desk: kit.desk, settings };
  const movedSince = remembered(async (commit) => {
    const counts = await mirror.lineCounts(commit, onto);
    return new Set(counts.map(({ path }) => path));
  });
  for (const { id } of moving) {
    const which = { ref, id };
    const refs = new Map([
      ...(await mirror.remoteRefs(`refs/fanfold/migrations/${id}/`)),
      ...(await mirror.remoteRefs(`refs/heads/fanfold/migration-${id}/`)),
    ]);
    const world: RedoWorld = { ...shared, refs, movedSince };
    await ensureIssue(world, which);
    await lookAtOpen(world, which, await newest(ledger, which));
    if (canGoOn(rules)) {
      const room = roomIn(await ledger.book.known(ref), settings, now);
      const migration = await newest(ledger, which);
      await openNext(world, which, { migration, base, room: room.count });
      await redoBroken(world, which, await newest(ledger, which));
    }
    await tell(world, which);
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

/** Nothing is opened or done again while the repository is closed to the bot, or where one pull request is wanted for all. */
const canGoOn = ({ closed, effective }: RulesNow): boolean =>
  closed === null && effective.settings["pullRequests.per"] === "shard";

async function newest({ book }: Migrations, { ref, id }: Which): Promise<Migration> {
  const migration = (await book.known(ref)).get(id);
  if (migration === undefined) throw new Error(`The migration ${id} is not in its book any more.`);
  return migration;
}

async function ensureIssue({ forge, ledger }: RedoWorld, which: Which): Promise<void> {
  const { issue, what } = await newest(ledger, which);
  const title = `Migration: ${what.replace(/\s+/gu, " ").slice(0, 100)}`;
  const number = await findOrOpen(forge, {
    known: issue,
    marker: migrationMarker(which.id),
    title,
  });
  if (number !== issue)
    await changeMigration(ledger.book, which, (now) => ({ ...now, issue: number }));
}

async function tell({ forge, ledger, settings, now }: RedoWorld, which: Which): Promise<void> {
  const migration = await newest(ledger, which);
  if (migration.issue === null) return;
  const part = renderIssue({
    migration,
    room: roomIn(await ledger.book.known(which.ref), settings, now),
    isApart: settings["pullRequests.per"] === "shard",
  });
  await putPart(forge, migration.issue, { marker: migrationMarker(which.id), part, reopen: false });
}

function progressOf(all: MigrationsState): string | null {
  if (all.size === 0) return null;
  const rows = [...all.values()].map(
    ({ what, shards, issue }) =>
      `| ${inline(what, 80)} | ${code(bar(shards))} | ${progressWords(shards)} | ${issue === null ? "–" : `#${issue}`} |`,
  );
  return ["| Migration | | Parts | Issue |", "|---|---|---|---|", ...rows].join("\n");
}
