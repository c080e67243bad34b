// Migrations as runs see them: what became of each part before, and where accepted parts are handed over.

import { codeOwnersIn } from "../audit/code-owners.ts";
import { limits } from "../config/limits.ts";
import { renderDiff } from "../repo/diff-text.ts";
import type { House, MigrationLedger } from "../runs/house.ts";
import type { KnownShard } from "../steps/context.ts";
import type { RepositoryRef } from "../world/forge.ts";
import { type MigrationBook, openMigrationBook } from "./book.ts";
import { withProposal } from "./propose.ts";
import { keptRefOf, migrationIdOf, type Migration, type Shard } from "./state.ts";
import { takenBackIn, withoutWaiting } from "./take-back.ts";

/** With what the heartbeat of the same process needs of it. */
export interface Migrations extends MigrationLedger {
  book: MigrationBook;
  /** Repositories of which something new is known since the last call. */
  news(): RepositoryRef[];
}

const opened = new WeakMap<House, Migrations>();

/** One for each house, however often it is asked for. */
export function openMigrations(house: House): Migrations {
  const known = opened.get(house) ?? create(house);
  opened.set(house, known);
  return known;
}

function create(house: House): Migrations {
  const book = openMigrationBook(house);
  const fresh = new Map<number, RepositoryRef>();
  return {
    book,
    news: () => {
      const all = [...fresh.values()];
      fresh.clear();
      return all;
    },
    ownersIn: codeOwnersIn,
    known: async (ref, what) => {
      const migration = (await book.read(ref)).get(migrationIdOf(what));
      if (migration === undefined) return [];
      return await Promise.all(
        migration.shards.map((shard) => knownOf(house, ref, { migration, shard })),
      );
    },
    propose: async (ref, { proposed, ...proposal }) => {
      const at = house.world.clock.now();
      await book.change(ref, (all) => withProposal(all, { ...proposal, proposed, at }));
      fresh.set(ref.repositoryId, ref);
    },
    takeBack: async (ref, run) => {
      const at = house.world.clock.now();
      const isNews = await book.change(ref, (all) => withoutWaiting(all, { run, at }));
      if (isNews) fresh.set(ref.repositoryId, ref);
      return takenBackIn(await book.read(ref), run);
    },
  };
}

async function knownOf(
  house: House,
  ref: RepositoryRef,
  { migration, shard }: { migration: Migration; shard: Shard },
): Promise<KnownShard> {
  const { name, files, status, pull, failure } = shard;
  const isOpen = status === "failing" || status === "conflict";
  const patch = isOpen ? await patchOf(house, ref, { migration, shard }) : null;
  return { name, files, state: status, pull, log: failure?.log ?? null, patch };
}

/** Null when its commits are not to be had any more. */
async function patchOf(
  house: House,
  ref: RepositoryRef,
  { migration, shard }: { migration: Migration; shard: Shard },
): Promise<string | null> {
  const { mirror } = await house.site(ref);
  if (!(await mirror.has(shard.head))) await mirror.fetch(keptRefOf(migration.id, shard));
  if (!(await mirror.has(shard.head))) return null;
  const diff = await mirror.diff(shard.base, shard.head);
  return renderDiff(diff, { maxCharacters: limits.migration.patchChars });
}
