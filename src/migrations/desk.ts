// The heartbeat of migrations: what is new in each is written down, what there is room for is opened, and its issue tells the truth.

import { limits } from "../config/limits.ts";
import { code, inline } from "../runs/render/text.ts";
import type { House } from "../runs/house.ts";
import type { RepositoryRef } from "../world/forge.ts";
import { openMigrations } from "./ledger.ts";
import { bar, progressWords } from "./render/issue.ts";
import { isSettled, type MigrationsState, type Shard } from "./state.ts";
import { visit, type VisitWorld } from "./visit.ts";

export interface MigrationDesk {
  /** One look at everything that is due. Never rejects: what fails is logged, and tried again at the next beat. */
  beat(signal: AbortSignal): Promise<void>;
  /** How far migrations are, as Markdown for the dashboard; null where there are none. */
  progress: (ref: RepositoryRef) => Promise<string | null>;
}

interface Kit extends VisitWorld {
  /** By the repository's id: when it is looked at next. */
  due: Map<number, { ref: RepositoryRef; at: number }>;
  /** By the part's branch: when a settled part was looked at. */
  lookedAt: Map<string, number>;
}

export function createMigrationDesk(house: House, desk: VisitWorld["desk"]): MigrationDesk {
  const kit: Kit = {
    house,
    desk,
    ledger: openMigrations(house),
    due: new Map(),
    lookedAt: new Map(),
  };
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
        if (at <= clock.now()) await look(kit, ref, signal);
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

async function look(kit: Kit, ref: RepositoryRef, signal: AbortSignal): Promise<void> {
  const { house, due } = kit;
  const { clock, log } = house.world;
  const again = (ms: number): void => void due.set(ref.repositoryId, { ref, at: clock.now() + ms });
  try {
    const all = await kit.ledger.book.read(ref);
    const isSettledDue = settledDue(kit);
    const moving = [...all.values()].filter(
      ({ shards, settledAt }) =>
        settledAt === 0 || !shards.every(isSettled) || shards.some(isSettledDue),
    );
    again(moving.length === 0 ? limits.migration.listMs : limits.migration.lookMs);
    if (moving.length === 0) return;
    await visit(kit, ref, { moving, isSettledDue, signal });
    const looked = moving.flatMap(({ shards }) => shards.filter(isSettledDue));
    for (const { branch } of looked) kit.lookedAt.set(branch, clock.now());
  } catch (err) {
    again(limits.migration.lookMs);
    if (signal.aborted) return;
    const repository = `${ref.owner}/${ref.name}`;
    log.warn({ repository, err }, "the migrations of a repository could not be looked at");
  }
}

/** Until its branch is cleared away, which may be refused for long; and people open some of what they closed again, and nobody tells us. */
function settledDue({ house, lookedAt }: Kit): (shard: Shard) => boolean {
  const now = house.world.clock.now();
  return ({ status, since, branch, isCleared }) =>
    isSettled({ status }) &&
    !isCleared &&
    now - (lookedAt.get(branch) ?? since) >= limits.migration.closedLookMs;
}

function progressOf(all: MigrationsState): string | null {
  if (all.size === 0) return null;
  const rows = [...all.values()].map(
    ({ what, shards, issue }) =>
      `| ${inline(what, 80)} | ${code(bar(shards))} | ${progressWords(shards)} | ${issue === null ? "–" : `#${issue}`} |`,
  );
  return ["| Migration | | Parts | Issue |", "|---|---|---|---|", ...rows].join("\n");
}
