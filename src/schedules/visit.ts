// One look at one repository: what ended is told, what is due is started or skipped, and its issues are kept true.

import { limits } from "../config/limits.ts";
import type { Schedule } from "../settings/schedule.ts";
import { nextTick, type Timetable, ticksIn } from "../settings/timetable/timetable.ts";
import type { RulesNow } from "../settings/rules.ts";
import type { RepositoryRef } from "../world/forge.ts";
import type { RunOutcome } from "../runs/outcomes.ts";
import { tellBoard } from "./board.ts";
import { endedOf, takeEnd } from "./ends.ts";
import { definitionOf, findGround, type Ground } from "./ground.ts";
import { changeSchedule, type Kit, stateOf } from "./kit.ts";
import { missedMoments } from "./render/reasons.ts";
import { tableOf } from "./render/moments.ts";
import { scan } from "./scan.ts";
import { startNow } from "./start.ts";
import { freshState, type RepositoryState, type ScheduleState, withEvent } from "./state.ts";
import { tell } from "./tell.ts";

/** What is known of a repository until it is looked at again. */
export interface Seen {
  /** It has a dashboard, which tells of every run. */
  hasBoard: boolean;
  schedules: {
    name: string;
    table: Timetable;
    seenUntil: number;
    /** The run that was started and is not in the report yet. */
    current: string | null;
    told: ReadonlySet<string>;
  }[];
}

/** Null when its settings cannot be used now: what was known of it stays. */
export async function visit(kit: Kit, ref: RepositoryRef): Promise<Seen | null> {
  const rules = await kit.house.rules.of(ref);
  if (rules.broken.length > 0) return null;
  const { schedules, dashboard } = rules.effective.settings;
  if (schedules.length === 0 && !dashboard) return { schedules: [], hasBoard: false };
  if (schedules.length > 0) await enter(kit, ref, schedules);
  const state = await kit.book.read(ref);
  const moving = await movingIn(kit, ref, { schedules, state });
  const ground = moving.length === 0 ? null : await findGround(kit.house, ref, rules);
  if (ground !== null) for (const each of moving) await visitOne(kit, ground, each);
  await tellBoard(kit, ref, rules);
  return seenOf(ref, rules, await kit.book.known(ref));
}

interface Moving {
  schedule: Schedule;
  index: number;
  state: ScheduleState;
  ended: RunOutcome[];
}

/** Those of which something has to be said or done. */
async function movingIn(
  kit: Kit,
  ref: RepositoryRef,
  { schedules, state }: { schedules: readonly Schedule[]; state: RepositoryState },
): Promise<Moving[]> {
  const now = kit.house.world.clock.now();
  const moving: Moving[] = [];
  for (const [index, schedule] of schedules.entries()) {
    const each = stateOf(state, schedule.name, now);
    const ended = await endedOf(kit, ref, { schedule, state: each });
    const tick = nextTick(tableOf(ref.repositoryId, schedule), each.seenUntil);
    const isTime = tick !== null && tick <= now;
    const isOther = each.pin !== null && each.pin.definition !== definitionOf(schedule);
    if (ended.length > 0 || isTime || isOther || each.asks !== null) {
      moving.push({ schedule, index, state: each, ended });
    }
  }
  return moving;
}

/** A schedule that is new begins to count from now on. */
async function enter(
  { book, house }: Kit,
  ref: RepositoryRef,
  schedules: readonly Schedule[],
): Promise<void> {
  const now = house.world.clock.now();
  await book.change(ref, (state) => {
    const fresh = schedules.filter(({ name }) => !state.schedules.has(name));
    if (fresh.length === 0) return null;
    const entered = fresh.map(({ name }) => [name, freshState(now)] as const);
    return { ...state, schedules: new Map([...state.schedules, ...entered]) };
  });
}

function seenOf(ref: RepositoryRef, rules: RulesNow, { schedules }: RepositoryState): Seen {
  return {
    hasBoard: rules.effective.settings.dashboard,
    schedules: rules.effective.settings.schedules.flatMap((schedule) => {
      const state = schedules.get(schedule.name);
      if (state === undefined) return [];
      const table = tableOf(ref.repositoryId, schedule);
      const { seenUntil, current, told } = state;
      const run = current?.run ?? null;
      return [{ name: schedule.name, table, seenUntil, current: run, told: new Set(told) }];
    }),
  };
}

async function visitOne(
  kit: Kit,
  ground: Ground,
  { schedule, index, state, ended }: Moving,
): Promise<void> {
  const { name } = schedule;
  for (const outcome of ended) await takeEnd(kit, ground, { name, outcome });
  const fresh = ended.length === 0 ? state : (await kit.book.known(ground.ref)).schedules.get(name);
  if (ended.some(({ found }) => found !== null) && fresh !== undefined) {
    await scan(kit, ground, { schedule, ledger: fresh.ledger });
  }
  await passTime(kit, ground, { schedule, index, state: fresh ?? state });
  await tell(kit, ground, { schedule, isNews: ended.length > 0 });
}

/** Settles every moment up to now: the newest is started when it is not too late for it, the others are missed. */
async function passTime(
  kit: Kit,
  ground: Ground,
  { schedule, index, state }: { schedule: Schedule; index: number; state: ScheduleState },
): Promise<void> {
  const { clock, log } = kit.house.world;
  const { ref } = ground;
  const now = clock.now();
  const ticks = ticksIn(tableOf(ref.repositoryId, schedule), state.seenUntil, now);
  const newest = ticks.at(-1);
  if (newest === undefined) return;
  const isLate = now - newest > limits.schedule.lateMs;
  const missed = isLate ? ticks : ticks.slice(0, -1);
  const [first] = missed;
  const about = { ref, name: schedule.name };
  if (first !== undefined) {
    const fields = { repository: `${ref.owner}/${ref.name}`, schedule: schedule.name };
    log.warn({ ...fields, missed: missed.length }, "moments of a schedule were missed");
    const until = missed.at(-1) ?? first;
    await changeSchedule(kit, about, (each) =>
      each.seenUntil >= until
        ? null
        : withEvent(
            { ...each, seenUntil: until },
            { at: now, what: "missed", detail: missedMoments(missed.length, first) },
          ),
    );
  }
  if (isLate) return;
  if (state.paused === null) {
    const cause = { kind: "time" } as const;
    await startNow(kit, { ground, candidate: { schedule, index, state }, cause, tick: newest });
    return;
  }
  await changeSchedule(kit, about, (each) =>
    each.seenUntil >= newest ? null : { ...each, seenUntil: newest },
  );
}
