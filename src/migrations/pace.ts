// How many pull requests may be opened now, and when the next: by the hour, by what is open, and by the window. Pure.

import { DAYS, type Window } from "../settings/pull-request-rows.ts";

const HOUR_MS = 60 * 60_000;

export interface Pace {
  hourlyLimit: number;
  concurrentLimit: number;
  window: Window | null;
}

export interface Opened {
  /** Moments at which pull requests were opened. */
  at: readonly number[];
  open: number;
}

/** `why` is for people, when it is none. */
export type Room = { count: number; why: null } | { count: 0; why: string };

export function roomFor(
  { hourlyLimit, concurrentLimit, window }: Pace,
  opened: Opened,
  now: number,
): Room {
  if (window !== null && !isWithin(window, now)) {
    return { count: 0, why: `outside of the window (${windowWords(window)})` };
  }
  const lately = opened.at.filter((at) => at > now - HOUR_MS).length;
  if (lately >= hourlyLimit)
    return { count: 0, why: `${lately} were opened within an hour (\`pullRequests.hourlyLimit\`)` };
  if (opened.open >= concurrentLimit)
    return { count: 0, why: `${opened.open} are open (\`pullRequests.concurrentLimit\`)` };
  return { count: Math.min(hourlyLimit - lately, concurrentLimit - opened.open), why: null };
}

/** What goes on after midnight belongs to the day on which it began. `from` like `to` is the whole day. */
export function isWithin({ days, from, to, timezone }: Window, now: number): boolean {
  const parts = new Intl.DateTimeFormat("en-GB", {
    timeZone: timezone,
    weekday: "short",
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  }).formatToParts(now);
  const part = (type: Intl.DateTimeFormatPartTypes): string =>
    parts.find((each) => each.type === type)?.value ?? "";
  const time = `${part("hour")}:${part("minute")}`;
  const today = DAYS.findIndex((day) => day === part("weekday").toLowerCase());
  const isDay = (index: number): boolean => days.some((day) => day === DAYS.at(index));
  if (from < to) return isDay(today) && from <= time && time < to;
  return (isDay(today) && time >= from) || (isDay(today - 1) && time < to);
}

export const windowWords = ({ days, from, to, timezone }: Window): string =>
  `${days.length === 7 ? "every day" : days.join(", ")} ${from}–${to} ${timezone}`;
