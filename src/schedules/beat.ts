// The heartbeat of schedules: each minute, whatever is due in any repository; each hour, whatever its settings say by now.

import { limits } from "../config/limits.ts";
import { nextTick } from "../settings/timetable/timetable.ts";
import type { RepositoryRef } from "../world/forge.ts";
import type { Kit } from "./kit.ts";
import { nothingSeen, type Seen } from "./seen.ts";
import { visit } from "./visit.ts";

export interface Beat {
  /** One look at everything that is due. Never rejects: what fails is logged, and tried again at the next beat. */
  beat(signal: AbortSignal): Promise<void>;
  /** Looks at one repository at the next beat, due or not. */
  wake(ref: RepositoryRef): void;
}

interface Watched {
  ref: RepositoryRef;
  seen: Seen;
  /** When its settings are read again. */
  readAt: number;
  lookedAt: number;
  /** The runs that its dashboard tells of. */
  runs: string;
}

export function createBeat(kit: Kit): Beat {
  const watched = new Map<number, Watched>();
  let listedAt = -Infinity;
  const { clock } = kit.house.world;
  return {
    wake: (ref) => {
      const known = watched.get(ref.repositoryId);
      watched.set(ref.repositoryId, {
        ref,
        seen: known?.seen ?? nothingSeen,
        readAt: 0,
        lookedAt: 0,
        runs: "",
      });
    },
    beat: async (signal) => {
      if (clock.now() - listedAt >= limits.schedule.readMs) {
        if (await list(kit, watched)) listedAt = clock.now();
      }
      for (const each of watched.values()) {
        if (signal.aborted) return;
        if (await isDue(kit, each)) await look(kit, each);
      }
    },
  };
}

/** Repositories come and go with installations. True when GitHub told all of them. */
async function list(kit: Kit, watched: Map<number, Watched>): Promise<boolean> {
  const { log, repositories } = kit.house.world;
  const there = new Set<number>();
  try {
    for await (const ref of repositories()) {
      there.add(ref.repositoryId);
      const known = watched.get(ref.repositoryId);
      const fresh = { ref, seen: nothingSeen, readAt: 0, lookedAt: 0, runs: "" };
      watched.set(ref.repositoryId, known === undefined ? fresh : { ...known, ref });
    }
  } catch (err) {
    log.warn({ err }, "the repositories could not be listed; schedules of the known ones go on");
    return false;
  }
  for (const id of [...watched.keys()].filter((each) => !there.has(each))) watched.delete(id);
  return true;
}

/** Asks nobody outside. */
async function isDue(kit: Kit, { ref, seen, readAt, lookedAt, runs }: Watched): Promise<boolean> {
  const now = kit.house.world.clock.now();
  const isTime = seen.schedules.some(({ table, seenUntil }) => {
    const tick = nextTick(table, seenUntil);
    return tick !== null && tick <= now;
  });
  if (now >= readAt || isTime) return true;
  if (seen.hasBoard && (await runsIn(kit, ref)) !== runs) return true;
  const here = await kit.desk.scheduled(ref);
  return seen.schedules.some(({ name, current, told }) => {
    const ended = here.some(
      ({ run, isOver, occasion }) => isOver && occasion?.schedule === name && !told.has(run),
    );
    // Another process has it: its end is found in the repository, or that it never began.
    const isElsewhere = current !== null && here.every(({ run }) => run !== current);
    return ended || (isElsewhere && now >= lookedAt + limits.schedule.claimMs);
  });
}

/** What moves in it, as a text that is another one when a run came, went or waits. */
async function runsIn({ desk }: Kit, ref: RepositoryRef): Promise<string> {
  return (await desk.list(ref)).map(({ run, state }) => `${run} ${state}`).join();
}

async function look(kit: Kit, watched: Watched): Promise<void> {
  const { clock, log } = kit.house.world;
  const { ref } = watched;
  try {
    watched.lookedAt = clock.now();
    watched.runs = await runsIn(kit, ref);
    watched.seen = await visit(kit, ref, watched.seen);
    watched.readAt = clock.now() + limits.schedule.readMs;
  } catch (err) {
    const repository = `${ref.owner}/${ref.name}`;
    log.warn({ repository, err }, "the schedules of a repository could not be looked at");
  }
}
