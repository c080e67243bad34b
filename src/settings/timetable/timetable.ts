// The moments at which a schedule comes: the calendar by croner, and each repository's own place in the window. Pure.

import { createHash } from "node:crypto";

import { Cron } from "croner";

import { limits } from "../../config/limits.ts";
import { readTimes, type Times } from "./words.ts";

export interface When {
  /** Words or cron. */
  cron: string;
  /** Name of a time zone, such as `Europe/Berlin`. */
  timezone: string;
}

export interface Timetable extends Times {
  timezone: string;
  /** Where in the window this one stands; at most `windowMs`. */
  offsetMs: number;
}

/** What is wrong with it, as the end of a sentence; null when nothing is. */
export function mistakeIn({ cron, timezone }: When): "unread" | "zone" | "never" | "often" | null {
  const times = readTimes(cron);
  if (times === null) return "unread";
  if (!isZone(timezone)) return "zone";
  try {
    const ticks = calendar({ ...times, timezone }).nextRuns(TRIED, new Date(SOME_DAY));
    if (ticks.length === 0) return "never";
    const gaps = ticks
      .slice(1)
      .map((tick, index) => tick.getTime() - (ticks[index]?.getTime() ?? 0));
    return gaps.some((gap) => gap < limits.schedule.gapMs) ? "often" : null;
  } catch {
    return "unread";
  }
}

/** Of a schedule without mistakes. `key` names it in its repository: the same key has the same place in every window. */
export function timetableOf(when: When, key: string): Timetable {
  const times = readTimes(when.cron);
  if (times === null) throw new Error(`"${when.cron}" is no timetable.`);
  const share = createHash("sha256").update(key).digest().readUInt32BE() / 2 ** 32;
  return { ...times, timezone: when.timezone, offsetMs: Math.floor(share * times.windowMs) };
}

/** The first moment after `after` (milliseconds since 1970); null when it never comes again. */
export function nextTick(table: Timetable, after: number): number | null {
  const delay = table.shiftMs + table.offsetMs;
  const tick = calendar(table).nextRun(new Date(after - delay));
  return tick === null ? null : tick.getTime() + delay;
}

/** Every moment after `after` and up to `until`, `limits.schedule.ticks` at most. */
export function ticksIn(table: Timetable, after: number, until: number): number[] {
  const ticks: number[] = [];
  let tick = nextTick(table, after);
  while (tick !== null && tick <= until && ticks.length < limits.schedule.ticks) {
    ticks.push(tick);
    tick = nextTick(table, tick);
  }
  return ticks;
}

const calendar = ({ cron, timezone }: { cron: string; timezone: string }): Cron =>
  new Cron(cron, { timezone, mode: "5-part", paused: true });

function isZone(timezone: string): boolean {
  try {
    return new Intl.DateTimeFormat("en", { timeZone: timezone }).format(0) !== "";
  } catch {
    return false;
  }
}

/** A pattern's shortest gap is between its first moments: its fields repeat within an hour or a day. */
const TRIED = 30;
const SOME_DAY = Date.UTC(2026, 0, 1);
