// When a schedule comes, as people write it: plain words or cron, read as a pattern and a window. Pure.

/** The days and the time at which its window opens, as cron with five fields, and how long the window is. */
export interface Times {
  cron: string;
  /** From the pattern's time to the window's beginning; before it when negative. */
  shiftMs: number;
  windowMs: number;
}

const minute = 60_000;
const anHour = 60 * minute;

/** Who names a minute means about that minute: a thousand who name the same one must not start at once. */
const EXACT_MS = 10 * minute;
const AROUND_MS = anHour;
/** Who names no time gets one in the night. */
const NIGHT_MS = 6 * anHour;

const DAYS: Readonly<Record<string, string>> = {
  sunday: "0",
  monday: "1",
  tuesday: "2",
  wednesday: "3",
  thursday: "4",
  friday: "5",
  saturday: "6",
  weekday: "1-5",
  weekdays: "1-5",
  weekend: "0,6",
  weekends: "0,6",
};

/** Other ways to say it. Cron's short names have no time here either: a thousand repositories would have the same. */
const SAME: ReadonlyMap<string, string> = new Map([
  ...["nightly", "every night", "each night", "once a day", "@daily", "@midnight"].map(
    (words) => [words, "daily"] as const,
  ),
  ...["once a week", "@weekly"].map((words) => [words, "weekly"] as const),
  ...["once a month", "@monthly"].map((words) => [words, "monthly"] as const),
  ["@hourly", "hourly"],
  ...["annually", "every year", "once a year", "@yearly", "@annually"].map(
    (words) => [words, "yearly"] as const,
  ),
]);

/** How often and when, told apart: `weekly on monday` and `around 03:00`. */
const PARTS = /^(?<often>.*?)(?: (?<how>at|around|between) (?<clock>.+))?$/u;

/** Null when it is neither. The words are the ones that `EXAMPLES` shows. */
export function readTimes(text: string): Times | null {
  const words = text.trim().toLowerCase().replace(/\s+/gu, " ");
  if (/^(?:[\d*@]|[a-z]{3}\s)\S*(?: \S+){4}$/u.test(words)) {
    return { cron: words, shiftMs: 0, windowMs: EXACT_MS };
  }
  const given = PARTS.exec(words)?.groups ?? {};
  const { how, clock = "" } = given;
  const often = SAME.get(given["often"] ?? "") ?? given["often"] ?? "";
  const hourly = readHours(often);
  if (hourly !== null) {
    return how === undefined ? { cron: hourly, shiftMs: 0, windowMs: anHour } : null;
  }
  const days = readDays(often);
  const time = readClock(how, clock);
  if (days === null || time === null) return null;
  const { at, shiftMs, windowMs } = time;
  return { cron: `${at % 60} ${Math.floor(at / 60)} ${days}`, shiftMs, windowMs };
}

export const EXAMPLES =
  "`weekly on monday`, `daily around 03:00`, `every weekday at 9:30`, `monthly`, `daily between 9am and 5pm`, or cron such as `0 3 * * 1`";

/** What people write that there is no pattern for, and what to write instead; null for anything else. */
export function insteadOf(text: string): string | null {
  const words = text.trim().toLowerCase().replace(/\s+/gu, " ");
  if (/^\S*[\d*]\S*(?: \S+){5}$/u.test(words))
    return "must have five fields: leave out the seconds";
  if (/ (?:utc|gmt|[a-z]+\/[a-z_]+)(?:[+-]\d{1,2}(?::?\d\d)?)?$/u.test(words)) {
    return "must be without its time zone, which stands in `timezone`";
  }
  if (/^(?:bi-?weekly|fortnightly|every other week|every (?:two|2) weeks)\b/u.test(words)) {
    return "must be `weekly`: with `when: { cooldownHours: 300 }` it starts in every second week";
  }
  if (/^every (?:\d+|other|two|three) (?:days|day)\b/u.test(words)) {
    return "must be `daily`, with `cooldownHours` below `when` for the days between two starts";
  }
  if (/^every \d+ hours$/u.test(words)) {
    return "must be a number of hours that divides a day, such as `every 6 hours`";
  }
  if (/\bminutes?$/u.test(words)) return "must leave an hour between two starts";
  return null;
}

function readHours(often: string): string | null {
  if (often === "hourly" || often === "every hour") return "0 * * * *";
  const [, count = ""] = /^every (\d{1,2}) hours$/u.exec(often) ?? [];
  const hours = Number(count);
  return hours >= 1 && 24 % hours === 0 ? `0 */${hours} * * *` : null;
}

/** The last three fields of cron. */
function readDays(often: string): string | null {
  if (/^(?:daily|every day|each day)$/u.test(often)) return "* * *";
  if (often === "weekly" || often === "every week") return "* * 1";
  if (often === "yearly") return "1 1 *";
  const months = readMonths(often);
  if (months !== null) return months;
  const [, listed = ""] =
    /^(?:(?:(?:weekly|every week)(?: on)?|every|on) )?(.+)$/u.exec(often) ?? [];
  const days = listed.split(/, and |, | and /u).map((day) => dayOf(day));
  return days.includes(null) ? null : `* * ${days.join(",")}`;
}

const dayOf = (word: string): string | null =>
  DAYS[word] ?? DAYS[word.replace(/s$/u, "")] ?? DAYS[fullName(word)] ?? null;

const fullName = (short: string): string =>
  Object.keys(DAYS).find((day) => short.length === 3 && day.startsWith(short)) ?? "";

function readMonths(often: string): string | null {
  const [, every = "", on] =
    /^(monthly|every month|quarterly|every quarter)(?: on (.+))?$/u.exec(often) ??
    ofTheMonth(often);
  if (every === "") return null;
  const months = every.includes("quarter") ? "1,4,7,10" : "*";
  if (on === undefined) return `1 ${months} *`;
  const date = dateOf(on);
  const day = date === null ? weekdayOf(on) : null;
  return date === null ? day && `* ${months} ${day}` : `${date} ${months} *`;
}

/** `first monday of the month`, as two words: how often and on what. */
function ofTheMonth(often: string): (string | undefined)[] {
  const [, on, period = ""] =
    /^(?:on |every )?(?:the )?(.+) of (?:the|each|every) (month|quarter)$/u.exec(often) ?? [];
  return [undefined, period === "" ? "" : period === "month" ? "monthly" : "quarterly", on];
}

/** `the 15th`, `the 1st and 15th`, `the last day`. */
function dateOf(on: string): string | null {
  if (/^(?:the )?last day$/u.test(on)) return "L";
  const dates = on.split(/, and |, | and /u).map((each) => {
    const [, date = ""] = /^(?:the )?(\d{1,2})(?:st|nd|rd|th)?$/u.exec(each) ?? [];
    return Number(date);
  });
  return dates.every((date) => date >= 1 && date <= 31) ? dates.join(",") : null;
}

const WHICH: Readonly<Record<string, string>> = {
  first: "1",
  "1st": "1",
  second: "2",
  "2nd": "2",
  third: "3",
  "3rd": "3",
  fourth: "4",
  "4th": "4",
  last: "L",
};

/** `the first monday`, `the last friday`. */
function weekdayOf(on: string): string | null {
  const [, which = "", day = ""] = /^(?:the )?(\w+) (\w+)$/u.exec(on) ?? [];
  const number = dayOf(day);
  const place = WHICH[which];
  return place !== undefined && number?.length === 1 ? `${number}#${place}` : null;
}

interface Clock {
  /** Minutes since midnight. */
  at: number;
  shiftMs: number;
  windowMs: number;
}

function readClock(how: string | undefined, text: string): Clock | null {
  if (how === undefined) return { at: 0, shiftMs: 0, windowMs: NIGHT_MS };
  if (how === "between") {
    const [from, to, ...more] = text.split(" and ").map(minutesOf);
    if (from == null || to == null || more.length > 0 || from === to) return null;
    return { at: from, shiftMs: 0, windowMs: ((to - from + 24 * 60) % (24 * 60)) * minute };
  }
  const at = minutesOf(text);
  if (at === null) return null;
  return how === "at"
    ? { at, shiftMs: 0, windowMs: EXACT_MS }
    : { at, shiftMs: -AROUND_MS / 2, windowMs: AROUND_MS };
}

/** `9`, `9:30`, `09:30`, `9am`, `9:30 pm`, `noon`, `midnight` as minutes since midnight. */
function minutesOf(text: string): number | null {
  if (text === "noon") return 12 * 60;
  if (text === "midnight") return 0;
  const [, hours = "", minutes = "0", half] =
    /^(\d{1,2})(?::([0-5]\d))? ?(am|pm)?$/u.exec(text) ?? [];
  const hour = hours === "" ? null : hourOf(Number(hours), half);
  return hour === null ? null : hour * 60 + Number(minutes);
}

function hourOf(hours: number, half: string | undefined): number | null {
  if (half === undefined) return hours > 23 ? null : hours;
  if (hours < 1 || hours > 12) return null;
  return (hours % 12) + (half === "pm" ? 12 : 0);
}
