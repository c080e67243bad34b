// When a schedule comes: the words people write, the calendar with its summer time, and a window that many share.

import { describe, expect, it } from "vitest";

import { insteadOf } from "../../src/settings/timetable/words.ts";
import {
  mistakeIn,
  nextTick,
  ticksIn,
  timetableOf,
} from "../../src/settings/timetable/timetable.ts";

const DAY = 24 * 60 * 60_000;
const JANUARY = Date.UTC(2026, 0, 1);

/** The first moments from a day on, as people in that zone read them, at the very beginning of each window. */
function ticks(cron: string, { timezone = "UTC", from = JANUARY, count = 3 } = {}): string[] {
  const table = { ...timetableOf({ cron, timezone }, "a key"), offsetMs: 0 };
  const format = new Intl.DateTimeFormat("en-GB", {
    timeZone: timezone,
    weekday: "short",
    day: "2-digit",
    month: "short",
    hour: "2-digit",
    minute: "2-digit",
  });
  return ticksIn(table, from - 1, from + 400 * DAY)
    .slice(0, count)
    .map((tick) => format.format(tick));
}

describe("a schedule's time", () => {
  it.each([
    ["weekly on monday", ["Mon 05 Jan, 00:00", "Mon 12 Jan, 00:00", "Mon 19 Jan, 00:00"]],
    ["weekly", ["Mon 05 Jan, 00:00", "Mon 12 Jan, 00:00", "Mon 19 Jan, 00:00"]],
    ["daily around 03:00", ["Thu 01 Jan, 02:30", "Fri 02 Jan, 02:30", "Sat 03 Jan, 02:30"]],
    ["every weekday at 9:30", ["Thu 01 Jan, 09:30", "Fri 02 Jan, 09:30", "Mon 05 Jan, 09:30"]],
    [
      "Every Mon and Thursday at 9 PM",
      ["Thu 01 Jan, 21:00", "Mon 05 Jan, 21:00", "Thu 08 Jan, 21:00"],
    ],
    ["daily between 11pm and 2am", ["Thu 01 Jan, 23:00", "Fri 02 Jan, 23:00", "Sat 03 Jan, 23:00"]],
    ["monthly", ["Thu 01 Jan, 00:00", "Sun 01 Feb, 00:00", "Sun 01 Mar, 00:00"]],
    [
      "monthly on the 15th at noon",
      ["Thu 15 Jan, 12:00", "Sun 15 Feb, 12:00", "Sun 15 Mar, 12:00"],
    ],
    ["monthly on the last day", ["Sat 31 Jan, 00:00", "Sat 28 Feb, 00:00", "Tue 31 Mar, 00:00"]],
    [
      "monthly on the first monday",
      ["Mon 05 Jan, 00:00", "Mon 02 Feb, 00:00", "Mon 02 Mar, 00:00"],
    ],
    ["monthly on the last friday", ["Fri 30 Jan, 00:00", "Fri 27 Feb, 00:00", "Fri 27 Mar, 00:00"]],
    ["quarterly", ["Thu 01 Jan, 00:00", "Wed 01 Apr, 00:00", "Wed 01 Jul, 00:00"]],
    ["every 6 hours", ["Thu 01 Jan, 00:00", "Thu 01 Jan, 06:00", "Thu 01 Jan, 12:00"]],
    ["Nightly", ["Thu 01 Jan, 00:00", "Fri 02 Jan, 00:00", "Sat 03 Jan, 00:00"]],
    ["mondays at 9", ["Mon 05 Jan, 09:00", "Mon 12 Jan, 09:00", "Mon 19 Jan, 09:00"]],
    ["first monday of the month", ["Mon 05 Jan, 00:00", "Mon 02 Feb, 00:00", "Mon 02 Mar, 00:00"]],
    ["monthly on the 2nd tue", ["Tue 13 Jan, 00:00", "Tue 10 Feb, 00:00", "Tue 10 Mar, 00:00"]],
    [
      "monthly on the 1st and 15th",
      ["Thu 01 Jan, 00:00", "Thu 15 Jan, 00:00", "Sun 01 Feb, 00:00"],
    ],
    ["monthly on the 31st", ["Sat 31 Jan, 00:00", "Tue 31 Mar, 00:00", "Sun 31 May, 00:00"]],
    ["0 3 * * MON-FRI", ["Thu 01 Jan, 03:00", "Fri 02 Jan, 03:00", "Mon 05 Jan, 03:00"]],
  ])("%s", (words, expected) => {
    expect(mistakeIn({ cron: words, timezone: "UTC" })).toBeNull();
    expect(ticks(words)).toEqual(expected);
  });

  it.each([
    "fortnightly",
    "every 5 hours",
    "daily at 25:00",
    "weekly on moonday",
    "hourly at 3",
    "",
    "* * *",
  ])("is refused where it says none: %s", (words) => {
    expect(mistakeIn({ cron: words, timezone: "UTC" })).toBe("unread");
  });

  it.each([
    ["0 0 3 * * 1", "five fields"],
    ["daily at 3:00 utc", "`timezone`"],
    ["every 2 weeks", "cooldownHours: 300"],
    ["every other day", "cooldownHours"],
    ["every 5 hours", "divides a day"],
    ["every 30 minutes", "an hour between two starts"],
  ])("says what to write instead of %s", (words, hint) => {
    expect(mistakeIn({ cron: words, timezone: "UTC" })).toBe("unread");
    expect(insteadOf(words)).toContain(hint);
    expect(insteadOf("weekly on moonday")).toBeNull();
  });

  it.each([
    "Asia/Kathmandu",
    "Australia/Lord_Howe",
    "America/Santiago",
    "Antarctica/Troll",
    "Africa/Casablanca",
    "Pacific/Chatham",
  ])("comes once on each day of a year in %s, whenever somebody looks", (timezone) => {
    for (const cron of ["daily at 0:00", "daily at 2:15"]) {
      const table = { ...timetableOf({ cron, timezone }, "a key"), offsetMs: 0 };
      const all = ticksIn(table, JANUARY, JANUARY + 365 * DAY);
      const days = all.map((tick) =>
        new Date(tick).toLocaleDateString("en", { timeZone: timezone }),
      );
      expect(new Set(days).size).toBe(all.length);
      expect([364, 365, 366]).toContain(all.length);
      expect(all.every((tick) => nextTick(table, tick - 1) === tick)).toBe(true);
    }
  });

  it("keeps the hour that people read on their clocks when summer time begins and ends", () => {
    const zone = { timezone: "Europe/Berlin", count: 2 };
    const spring = { ...zone, from: Date.UTC(2026, 2, 28, 12) };
    const autumn = { ...zone, from: Date.UTC(2026, 9, 24, 12) };
    // 02:30 does not exist on the 29th of March, and comes twice on the 25th of October.
    expect(ticks("daily at 9", spring)).toEqual(["Sun 29 Mar, 09:00", "Mon 30 Mar, 09:00"]);
    expect(ticks("daily at 2:30", spring)).toEqual(["Sun 29 Mar, 03:00", "Mon 30 Mar, 02:30"]);
    expect(ticks("daily at 2:30", autumn)).toEqual(["Sun 25 Oct, 02:30", "Mon 26 Oct, 02:30"]);
  });

  it("has each repository in its own place of the window, the same in every week, and a thousand all over it", () => {
    const at = (key: string): number[] =>
      ticksIn(
        timetableOf({ cron: "weekly on monday", timezone: "UTC" }, key),
        JANUARY,
        JANUARY + 15 * DAY,
      );
    expect(at("7/audit")).toEqual(at("7/audit"));
    const [first = 0, second = 0] = at("7/audit");
    expect(second - first).toBe(7 * DAY);
    const starts = Array.from({ length: 1_000 }, (_, index) => at(`${index}/audit`)[0] ?? 0);
    const monday = Date.UTC(2026, 0, 5);
    const hours = Map.groupBy(starts, (start) => Math.floor((start - monday) / 3_600_000));
    expect(new Set(hours.keys())).toEqual(new Set([0, 1, 2, 3, 4, 5]));
    for (const started of hours.values()) expect(started.length).toBeGreaterThan(120);
    const minutes = Map.groupBy(starts, (start) => Math.floor(start / 60_000));
    expect(Math.max(...[...minutes.values()].map(({ length }) => length))).toBeLessThan(15);
  });

  it("comes after the moment asked about, also where the window begins before its time", () => {
    const table = timetableOf({ cron: "daily around 00:10", timezone: "UTC" }, "9/audit");
    let tick = nextTick(table, JANUARY) ?? 0;
    for (let day = 0; day < 5; day++) {
      const next = nextTick(table, tick) ?? 0;
      expect(next - tick).toBe(DAY);
      expect(nextTick(table, next - 1)).toBe(next);
      tick = next;
    }
  });
});
