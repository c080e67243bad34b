// One look at one repository: what ended is told, what is due is started or skipped, and its issues are kept true.

import { limits } from "../config/limits.ts";
import type { Schedule } from "../settings/schedule.ts";
import { nextTick, ticksIn } from "../settings/timetable/timetable.ts";
import type { RulesNow } from "../settings/rules.ts";
import type { RepositoryRef } from "../world/forge.ts";
import type { RunOutcome } from "../runs/outcomes.ts";
import { tellBoard, tellBoardOff } from "./board.ts";
import { passBroken } from "./broken.ts";
import { endedOf, takeEnd } from "./ends.ts";
import { definitionOf, findGround, type Ground } from "./ground.ts";
import { changeSchedule, type Kit, stateOf } from "./kit.ts";
import { withoutNews } from "./news.ts";
import { missedMoments } from "./render/reasons.ts";
import { tableOf } from "./render/moments.ts";
import { backAgain, retire, retiringIn } from "./retire.ts";
import { nothingSeen, type Seen } from "./seen.ts";
import { scan } from "./scan.ts";
import { startNow } from "./start.ts";
import {
  emptyState,
  freshState,
  type RepositoryState,
  type ScheduleState,
  withEvent,
} from "./state.ts";
import { tell } from "./tell.ts";

/** Its settings decide; `before` is what was known of it. */
export async function visit(kit: Kit, ref: RepositoryRef, before: Seen): Promise<Seen> {
  const rules = await kit.house.rules.of(ref);
  const known = await openOnce(kit, ref);
  if (rules.broken.length > 0) return await passBroken(kit, ref, before);
  const { schedules, dashboard } = rules.effective.settings;
  const wasThere = before.schedules.length > 0 || before.hasBoard || isOwed(known, schedules);
  if (schedules.length === 0 && !dashboard && !wasThere) return nothingSeen;
  if (schedules.length > 0) await enter(kit, ref, schedules);
  await lookAfter(kit, ref, rules);
  if (dashboard) await tellBoard(kit, ref, rules);
  else await tellBoardOff(kit, ref);
  return seenOf(ref, rules, await kit.book.known(ref));
}

/**
 * What is remembered of schedules that are none now is wanted again when they come back, so that it must not stay under a key that
 * is given up meanwhile: reading it seals it anew. One that cannot be read is told of by whoever needs it.
 */
async function openOnce({ book, house }: Kit, ref: RepositoryRef): Promise<RepositoryState> {
  try {
    return await book.known(ref);
  } catch (err) {
    const repository = `${ref.owner}/${ref.name}`;
    house.world.log.warn({ repository, err }, "the book of schedules could not be read");
    return emptyState;
  }
}

/** Something that is not in its settings any more has to be told to its end, also when it went while nobody was at work. */
const isOwed = (known: RepositoryState, schedules: readonly Schedule[]): boolean =>
  known.board.issue !== null || retiringIn(known, schedules).length > 0;

/** Each schedule of which something has to be said or done, and each that is none any more. */
async function lookAfter(kit: Kit, ref: RepositoryRef, rules: RulesNow): Promise<void> {
  const { schedules } = rules.effective.settings;
  const state = await kit.book.read(ref);
  const moving = await movingIn(kit, ref, { schedules, state });
  const retiring = retiringIn(state, schedules);
  const isStill = moving.length + retiring.length === 0;
  const ground = isStill ? null : await findGround(kit.house, ref, rules);
  if (ground === null) return;
  for (const each of moving) {
    await alone(kit, ref, { name: each.schedule.name, work: () => visitOne(kit, ground, each) });
  }
  for (const each of retiring) {
    await alone(kit, ref, { name: each[0], work: () => retire(kit, ground, each) });
  }
}

/** What goes wrong with one schedule keeps no other from its time. What is due stays due, and is tried again at the next beat. */
async function alone(
  { house }: Kit,
  ref: RepositoryRef,
  { name, work }: { name: string; work: () => Promise<void> },
): Promise<void> {
  try {
    await work();
  } catch (err) {
    const fields = { repository: `${ref.owner}/${ref.name}`, schedule: name, err };
    house.world.log.warn(fields, "a schedule could not be looked after; it is tried again");
  }
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
    const isToTell = each.asks !== null || each.current !== null || each.news !== null;
    if (ended.length > 0 || isTime || isOther || isToTell) {
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
    const entered = schedules.flatMap(({ name }) => {
      const known = state.schedules.get(name);
      const next = known === undefined ? freshState(now) : counted(known, now);
      return next === known ? [] : [[name, next] as const];
    });
    if (entered.length === 0) return null;
    return { ...state, schedules: new Map([...state.schedules, ...entered]) };
  });
}

/** Who comes back counts from now on, and so does one that a clock which was wrong took along. */
function counted(state: ScheduleState, now: number): ScheduleState {
  if (state.retiredAt !== null) return backAgain(state, now);
  return state.seenUntil > now + limits.schedule.gapMs ? { ...state, seenUntil: now } : state;
}

function seenOf(ref: RepositoryRef, rules: RulesNow, state: RepositoryState): Seen {
  const { schedules } = state;
  return {
    hasBoard: rules.effective.settings.dashboard,
    schedules: rules.effective.settings.schedules.flatMap((schedule) => {
      const known = schedules.get(schedule.name);
      if (known === undefined) return [];
      const table = tableOf(ref.repositoryId, schedule);
      const { seenUntil, current, told, toldAt, toldBefore } = known;
      const hasNews = known.news !== null;
      const { name } = schedule;
      return [{ name, table, seenUntil, current, told, toldAt, toldBefore, hasNews }];
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
  const known = ended.length === 0 ? state : (await kit.book.known(ground.ref)).schedules.get(name);
  const now = known ?? state;
  const { news } = now;
  if (news?.hasReport === true) await scan(kit, ground, { schedule, ledger: now.ledger });
  await passTime(kit, ground, { schedule, index, state: now });
  await tell(kit, ground, { schedule, reopen: news?.isFresh ?? false });
  if (news === null) return;
  await changeSchedule(kit, { ref: ground.ref, name }, (each) => withoutNews(each, news));
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
