// A run is undone: its parts that nobody has seen yet go from the ledger; those that are proposed are people's by then. Pure.

import type { TakenBack } from "../runs/house.ts";
import { isSettled, type Migration, type MigrationsState, type Shard } from "./state.ts";

const isWaiting = (shard: Shard, run: string): boolean =>
  shard.run === run && shard.pull === null && !isSettled(shard);

/** Null when it has none that wait. */
export function withoutWaiting(
  all: MigrationsState,
  { run, at }: { run: string; at: number },
): MigrationsState | null {
  const changed = [...all].filter(([, { shards }]) =>
    shards.some((shard) => isWaiting(shard, run)),
  );
  if (changed.length === 0) return null;
  const after = changed.map(([id, migration]) => [id, without(migration, { run, at })] as const);
  return new Map([...all, ...after]);
}

/** Looked at once more in any case, so that its issue tells it. */
function without(migration: Migration, { run, at }: { run: string; at: number }): Migration {
  const gone = migration.shards.filter((shard) => isWaiting(shard, run));
  const again = gone.flatMap(({ redo }) => (redo === null ? [] : [redo.run]));
  return {
    ...migration,
    shards: migration.shards.filter((shard) => !gone.includes(shard)),
    undone: [...migration.undone, { run, at, parts: gone.length, again }],
    settledAt: 0,
  };
}

/** What came of it, also when that was done before. */
export function takenBackIn(all: MigrationsState, run: string): TakenBack {
  const migrations = [...all.values()];
  const undone = migrations.flatMap((each) => each.undone).filter((each) => each.run === run);
  const shown = migrations.flatMap(({ shards }) =>
    shards.flatMap((shard) =>
      shard.run === run && shard.pull !== null && !isSettled(shard) ? [shard.pull] : [],
    ),
  );
  return {
    parts: undone.reduce((sum, { parts }) => sum + parts, 0),
    again: undone.flatMap(({ again }) => again),
    pulls: shown,
  };
}
