// When something comes, as people read it: in the schedule's own time zone. Pure.

import { nextTick, timetableOf } from "../../settings/timetable/timetable.ts";
import type { Schedule } from "../../settings/schedule.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** Names the schedule in every repository: its place in the window follows from it. */
export const tableOf = (repositoryId: number, schedule: Schedule) =>
  timetableOf(schedule, `${repositoryId}/${schedule.name}`);

/** `Mon 5 Jan 2026, 03:12 (Europe/Berlin)`. */
export function localMoment(at: number, timezone: string): string {
  const parts = new Intl.DateTimeFormat("en-GB", {
    timeZone: timezone,
    weekday: "short",
    day: "numeric",
    month: "short",
    year: "numeric",
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  }).formatToParts(at);
  const part = (type: Intl.DateTimeFormatPartTypes): string =>
    parts.find((each) => each.type === type)?.value ?? "";
  const day = `${part("weekday")} ${part("day")} ${part("month")} ${part("year")}`;
  return `${day}, ${part("hour")}:${part("minute")} (${timezone})`;
}

/** The next moment after `now`; null when it never comes again. */
export function nextOf(repositoryId: number, schedule: Schedule, now: number): string | null {
  const tick = nextTick(tableOf(repositoryId, schedule), now);
  return tick === null ? null : localMoment(tick, schedule.timezone);
}

/** How wide the window is in which repositories are spread: `10 minutes`, `6 hours`. */
export function windowOf(repositoryId: number, schedule: Schedule): string {
  const { windowMs } = tableOf(repositoryId, schedule);
  const isHours = windowMs % HOUR_MS === 0;
  const count = windowMs / (isHours ? HOUR_MS : MINUTE_MS);
  const unit = isHours ? "hour" : "minute";
  return `${count} ${unit}${count === 1 ? "" : "s"}`;
}
