// The heartbeat of schedules: each minute, whatever is due in any repository; each hour, whatever its settings say by now.

import { limits } from "../config/limits.ts";
import { nextTick } from "../settings/timetable/timetable.ts";
import type { RepositoryRef } from "../world/forge.ts";
import type { Kit } from "./kit.ts";
import { type Asked, mayHaveMoved, type Moving, movingNow } from "./moving.ts";
import { nothingSeen } from "./seen.ts";
import { untoldOf } from "./told.ts";
import { visit } from "./visit.ts";

export interface Beat {
  /** One look at everything that is due. Never rejects: what fails is logged, and tried again at the next beat. */
  beat(signal: AbortSignal): Promise<void>;
  /** Looks at one repository at the next beat, due or not. */
  wake(ref: RepositoryRef): void;
}

interface Watched extends Omit<Asked, "repositoryId"> {
  ref: RepositoryRef;
  /** When its settings are read again. */
  readAt: number;
  lookedAt: number;
  /** The runs that its dashboard tells of. */
  runs: string;
}

const fresh: Omit<Watched, "ref"> = {
  seen: nothingSeen,
  readAt: 0,
  lookedAt: 0,
  askedAt: 0,
  wasMoving: false,
  runs: "",
};

export function createBeat(kit: Kit): Beat {
  const watched = new Map<number, Watched>();
  let listedAt = -Infinity;
  const { clock } = kit.house.world;
  return {
    wake: (ref) => {
      const known = watched.get(ref.repositoryId);
      watched.set(ref.repositoryId, { ...fresh, ref, seen: known?.seen ?? nothingSeen });
    },
    beat: async (signal) => {
      if (clock.now() - listedAt >= limits.schedule.readMs) {
        if (await list(kit, watched)) listedAt = clock.now();
      }
      const { fleet } = kit.house.world;
      const moving = fleet === null ? null : await movingNow(kit.house.world);
      for (const each of watched.values()) {
        if (signal.aborted) return;
        await lookIfDue(kit, each, moving);
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
      watched.set(ref.repositoryId, { ...(known ?? fresh), ref });
    }
  } catch (err) {
    log.warn({ err }, "the repositories could not be listed; schedules of the known ones go on");
    return false;
  }
  for (const id of [...watched.keys()].filter((each) => !there.has(each))) watched.delete(id);
  return true;
}

async function lookIfDue(kit: Kit, watched: Watched, moving: Moving): Promise<void> {
  const { ref } = watched;
  try {
    if (isTime(kit, watched)) return await look(kit, watched);
    const { repositoryId } = ref;
    const now = kit.house.world.clock.now();
    if (!mayHaveMoved({ ...watched, repositoryId }, moving, now)) return;
    watched.askedAt = now;
    watched.wasMoving = moving?.has(repositoryId) ?? false;
    if (await hasMoved(kit, watched)) await look(kit, watched);
  } catch (err) {
    const repository = `${ref.owner}/${ref.name}`;
    kit.house.world.log.warn(
      { repository, err },
      "the schedules of a repository could not be looked at",
    );
  }
}

/** Asks nobody outside. */
function isTime(kit: Kit, { seen, readAt }: Watched): boolean {
  const now = kit.house.world.clock.now();
  if (now >= readAt) return true;
  return seen.schedules.some(({ table, seenUntil }) => {
    const tick = nextTick(table, seenUntil);
    return tick !== null && tick <= now;
  });
}

async function hasMoved(kit: Kit, { ref, seen, lookedAt, runs }: Watched): Promise<boolean> {
  const now = kit.house.world.clock.now();
  if (seen.hasBoard && (await runsIn(kit, ref)) !== runs) return true;
  if (seen.schedules.length === 0) return false;
  const here = await kit.desk.scheduled(ref);
  return seen.schedules.some((each) => {
    const { name, current, hasNews } = each;
    const ofIt = here.filter(({ occasion }) => occasion?.schedule === name);
    if (untoldOf(each, ofIt).length > 0) return true;
    // Another process has it: its end is found in the repository, or that it never began.
    const isElsewhere = current !== null && here.every(({ run }) => run !== current.run);
    return (isElsewhere || hasNews) && now >= lookedAt + limits.schedule.claimMs;
  });
}

/** What moves in it, as a text that is another one when a run came, went or waits. */
async function runsIn({ desk }: Kit, ref: RepositoryRef): Promise<string> {
  return (await desk.list(ref)).map(({ run, state }) => `${run} ${state}`).join();
}

async function look(kit: Kit, watched: Watched): Promise<void> {
  const { clock } = kit.house.world;
  const { ref } = watched;
  watched.lookedAt = clock.now();
  watched.runs = await runsIn(kit, ref);
  watched.seen = await visit(kit, ref, watched.seen);
  watched.readAt = clock.now() + limits.schedule.readMs;
}
