// What a typed value is: money, counts, times and names of branches. Pure; null for what we do not take.

import { limits } from "../config/limits.ts";

const HOUR_MS = 60 * 60_000;
/** The longest time that a script may be driven, in hours. */
export const HOURS_MOST = limits.run.scriptMs / HOUR_MS;

/** Words that may stand apart behind an amount: `5 usd`. */
export const moneyUnit = /^(?:usd|dollars?)$/iu;
/** Words that may stand apart behind a time: `2 h`. */
export const timeUnit = /^(?:m|mins?|minutes?|h|hrs?|hours?|d|days?)$/iu;

/** An amount in US dollars such as `$5`, `2.50usd` or `USD5`. */
export function dollars(value: string): number | null {
  const match = /^(?:\$|us\$|usd)?(\d{1,6}(?:\.\d{1,2})?)\$?(?:usd|dollars?)?$/iu.exec(value);
  const amount = match === null ? 0 : Number(match[1]);
  return amount > 0 && amount <= limits.command.budgetUsd ? amount : null;
}

/** A number of agents. */
export function count(value: string): number | null {
  const number = /^\d{1,6}$/u.test(value) ? Number(value) : 0;
  return number >= 1 && number <= limits.run.agents ? number : null;
}

const HOURS: Readonly<Record<string, number>> = { m: 1 / 60, h: 1, d: 24 };

/** A time such as `30m`, `2h`, `1h30m` or `1 day`, in hours. */
export function hours(value: string): number | null {
  const part = /(\d{1,5}(?:\.\d)?) ?(m(?:ins?|inutes?)?|h(?:rs?|ours?)?|d(?:ays?)?)(?![a-z])/giu;
  const parts = [...value.matchAll(part)];
  if (parts.length === 0 || value.replaceAll(part, "").trim() !== "") return null;
  const time = parts.reduce(
    (sum, [, number, unit = ""]) =>
      sum + Number(number) * (HOURS[unit.charAt(0).toLowerCase()] ?? 0),
    0,
  );
  return time >= 1 / 60 && time <= HOURS_MOST ? time : null;
}

/** git's rules for branch names (git-check-ref-format), ASCII blanks and control characters among the refused. */
export function isBranchName(value: string): boolean {
  if (value.length > limits.command.branchChars) return false;
  if (!/^[^\s~^:?*[\\\p{Cc}]+$/u.test(value)) return false;
  if (/\.\.|@\{|\/\/|^[-/.]|\/\.|[/.]$|\.lock(?:\/|$)|^@$/u.test(value)) return false;
  return !value.startsWith("refs/");
}
