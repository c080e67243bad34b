// The book of a repository's migrations, in its hidden ref: one file a migration.

import { type BookKind, type HiddenBook, openHiddenBook } from "../runs/hidden-book.ts";
import type { House } from "../runs/house.ts";
import type { RepositoryRef } from "../world/forge.ts";
import { Migration, type MigrationsState, type Shard } from "./state.ts";

export type MigrationBook = HiddenBook<MigrationsState>;

const kind: BookKind<MigrationsState> = {
  ref: "refs/fanfold/migration-book/state",
  about: "migrations",
  empty: new Map(),
  anew: "parts that people closed may be proposed again then.",
  lacks: (all, seen) => [...seen.keys()].some((id) => !all.has(id)),
  write: (all) => new Map([...all].map(([id, each]) => [id, JSON.stringify(each)])),
  read: (files) => new Map([...files].map(([id, text]) => [id, Migration.parse(JSON.parse(text))])),
};

export const openMigrationBook = (house: House): MigrationBook => openHiddenBook(house, kind);

/** Which migration of which repository. */
export interface Which {
  ref: RepositoryRef;
  id: string;
}

/** As this process saw it last. */
export async function newest(book: MigrationBook, { ref, id }: Which): Promise<Migration> {
  const migration = (await book.known(ref)).get(id);
  if (migration === undefined) throw new Error(`The migration ${id} is not in its book any more.`);
  return migration;
}

/** Changes one migration as it is by then; null leaves it. True when something was written. */
export function changeMigration(
  book: MigrationBook,
  { ref, id }: Which,
  change: (migration: Migration) => Migration | null,
): Promise<boolean> {
  return book.change(ref, (all) => {
    const known = all.get(id);
    const next = known === undefined ? null : change(known);
    return next === null ? null : new Map([...all, [id, next]]);
  });
}

/** A part as somebody saw it. */
export type Seen = Pick<Shard, "name" | "head" | "tip">;

/** Changes one part as it is by then; one that a run replaced or whose branch somebody else of us moved meanwhile stays as it is. */
export function changeShard(
  book: MigrationBook,
  which: Which,
  { shard, to }: { shard: Seen; to: Partial<Shard> },
): Promise<boolean> {
  return changeMigration(book, which, (migration) => withShard(migration, { shard, to }));
}

/** Null when there is nothing to change, or nothing that was seen so. */
export function withShard(
  migration: Migration,
  { shard, to }: { shard: Seen; to: Partial<Shard> },
): Migration | null {
  const known = seenIn(migration, shard);
  if (known === null) return null;
  const next = { ...known, ...to };
  if (JSON.stringify(next) === JSON.stringify(known)) return null;
  return { ...migration, shards: migration.shards.map((each) => (each === known ? next : each)) };
}

/** The part, as long as it is the one that was seen. */
export function seenIn({ shards }: Migration, { name, head, tip }: Seen): Shard | null {
  const known = shards.find((each) => each.name === name);
  return known?.head === head && known.tip === tip ? known : null;
}
