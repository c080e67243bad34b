// What every run of this process shares: the world, the settings, and one place for each repository.

import type { RunAgent } from "../agent/agent.ts";
import type { Sandboxes } from "../engine/sandbox.ts";
import { type Gate, openGate } from "../gate/gate.ts";
import { openStarts } from "../quota/starts.ts";
import type { Mirror } from "../repo/contract.ts";
import type { KnownShard, Migrations, RunContext } from "../steps/context.ts";
import type { Rules } from "../settings/rules.ts";
import type { World } from "../world.ts";
import type { RepositoryRef } from "../world/forge.ts";
import { type DayBook, openDayBook } from "./day-book.ts";
import { openSharedDayBook } from "./shared-day-book.ts";
import type { Mirrors } from "./mirror-folders.ts";
import { openHolder } from "./holder.ts";
import type { Holder } from "./lease.ts";
import { watchModel } from "./watch-model.ts";
import { openPacer, openSharedPacer, type Pacer } from "./pacer.ts";
import type { PushPolicy } from "./push-in-groups.ts";
import { openPriceBook, type PriceBook } from "./price-book.ts";
import type { Secret } from "./seal.ts";
import { createTill, type Till } from "./till.ts";

export interface HouseSettings {
  /** From which the keys of checkpoints are derived. */
  checkpointSecret: Secret;
  /** Folder of the built-in workflows. */
  workflowsDir: string;
  /** Resolves a model's alias or id; a missing name is the default one. */
  chooseModel: RunContext["chooseModel"];
  /** How long one script may be driven without a stop. */
  scriptMs: number;
  /** How long a run stays with a driver that went silent. */
  leaseMs: number;
  /** What all runs of one installation may spend in a day, in US dollars; null for no cap. */
  dayBudgetUsd: number | null;
  /** Who stands in worker commits. */
  author: { name: string; email: string };
}

/** A repository as the runs of this process share it. */
export interface Site {
  mirror: Mirror;
  pacer: Pacer;
  policy: PushPolicy;
}

/** What became of a run's parts of migrations when it was undone. */
export interface TakenBack {
  /** Parts that waited for a pull request, and are none any more. */
  parts: number;
  /** Runs that were doing some of these again. */
  again: string[];
  /** Open pull requests of its other parts: people's to merge or close. */
  pulls: number[];
}

/** What is known of a repository's migrations; put in by whoever keeps it. */
export interface MigrationLedger {
  ownersIn: Migrations["ownersIn"];
  known(ref: RepositoryRef, what: string): Promise<KnownShard[]>;
  propose(
    ref: RepositoryRef,
    proposal: Parameters<Migrations["propose"]>[0] & {
      run: string;
      by: { id: number; login: string };
      thread: number;
    },
  ): Promise<void>;
  /** Takes parts of the run out that nobody has seen yet; the second time it says the same. */
  takeBack(ref: RepositoryRef, run: string): Promise<TakenBack>;
}

export interface House {
  world: World;
  /** What holds in a repository now. */
  readonly rules: Rules;
  settings: HouseSettings;
  /** The way to the model for every agent of this process. */
  gate: Gate;
  /** Money set aside for turns under way, of every run. */
  till: Till;
  dayBook: DayBook;
  priceBook: PriceBook;
  sandboxes: Sandboxes;
  runAgent: RunAgent;
  readonly migrations: MigrationLedger;
  /** As whom this process drives runs. */
  holder(): Promise<Holder>;
  site(ref: RepositoryRef): Promise<Site>;
  /** Closes and deletes mirrors that no run needs; `isNeeded` tells by the repository's id. */
  pruneMirrors(isNeeded: (repositoryId: number) => boolean): Promise<void>;
  close(): Promise<void>;
}

/** What a house is built of; rules and migrations stand on the house themselves. */
interface HouseParts {
  sandboxes: Sandboxes;
  runAgent: RunAgent;
  mirrors: Mirrors;
  openRules: (house: House) => Rules;
  openMigrations: (house: House) => MigrationLedger;
}

export function openHouse(
  world: World,
  settings: HouseSettings,
  { openRules, openMigrations, ...engine }: HouseParts,
): House {
  const sites = new Map<number, Promise<Site>>();
  const open = siteOpener(world, engine.mirrors);
  let migrations: MigrationLedger | null = null;
  let rules: Rules | null = null;
  const guard = world.fleet === null ? "time" : "queue";
  const holder = openHolder(world, { ttlMs: settings.leaseMs, guard });
  const house: House = {
    world,
    settings,
    gate: gateOf(world),
    till: createTill(),
    dayBook: dayBookOf(world, holder),
    priceBook: openPriceBook(world.disk),
    holder,
    ...engine,
    get rules() {
      rules ??= openRules(house);
      return rules;
    },
    get migrations() {
      migrations ??= openMigrations(house);
      return migrations;
    },
    site: (ref) => {
      const known = sites.get(ref.repositoryId);
      if (known !== undefined) return known;
      const opening = open(ref);
      sites.set(ref.repositoryId, opening);
      // A failed opening is tried again by the next run instead of failing all of them.
      opening.catch(() => sites.delete(ref.repositoryId));
      return opening;
    },
    pruneMirrors: async (isNeeded) => {
      const close = async (repositoryId: number): Promise<void> => {
        const opened = sites.get(repositoryId);
        sites.delete(repositoryId);
        await (await opened)?.mirror[Symbol.asyncDispose]();
      };
      const gone = await engine.mirrors.prune({ isNeeded, close });
      if (gone.length > 0) world.log.info({ gone }, "deleted mirrors: all together were too large");
    },
    close: async () => {
      await engine.sandboxes[Symbol.asyncDispose]();
      await house.dayBook.close();
      await closeAll(sites.values());
    },
  };
  return house;
}

const gateOf = (world: World): Gate =>
  openGate({ ...world, model: watchModel(world), board: world.fleet?.board ?? null });

async function closeAll(sites: Iterable<Promise<Site>>): Promise<void> {
  for (const site of await Promise.allSettled(sites)) {
    if (site.status === "fulfilled") await site.value.mirror[Symbol.asyncDispose]();
  }
}

function dayBookOf({ disk, clock, fleet }: World, holder: House["holder"]): DayBook {
  const own = openDayBook(disk, clock);
  if (fleet === null) return own;
  const teller = async () => {
    const { owner: folder, process } = await holder();
    return { folder, process };
  };
  return openSharedDayBook({ own, board: fleet.board, clock, teller });
}

function siteOpener(world: World, mirrors: Mirrors): (ref: RepositoryRef) => Promise<Site> {
  const { fleet, clock } = world;
  const pushing = new Map<number, Pick<Site, "pacer" | "policy">>();
  const starts = openStarts({ board: fleet?.board ?? null, clock });
  const pacerOf = ({ repositoryId }: RepositoryRef): Pacer =>
    fleet === null ? openPacer(clock) : openSharedPacer(clock, { starts, repositoryId });
  return async (ref: RepositoryRef): Promise<Site> => {
    const mirror = await mirrors.open(ref, await world.openRemote(ref));
    // Kept when the mirror is closed: what was pushed a moment ago still counts, and a policy that was met still holds.
    const known = pushing.get(ref.repositoryId);
    const { pacer, policy } = known ?? {
      pacer: pacerOf(ref),
      policy: { refsPerPush: null },
    };
    pushing.set(ref.repositoryId, { pacer, policy });
    return { mirror, pacer, policy };
  };
}
