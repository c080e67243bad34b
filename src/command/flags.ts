// The flags of a command line, and the words that are left when they are taken out.

import { limits } from "../config/limits.ts";
import { nearest } from "./edit-distance.ts";
import type { Range } from "./find-lines.ts";
import { isVerb } from "./verbs.ts";

/** Flags of `run`; null where none was given. */
export interface RunFlags {
  /** The run's cap in US dollars. */
  budgetUsd: number | null;
  /** Agents this run may start in all. */
  maxAgents: number | null;
  /** Branch to start from instead of the default one. */
  base: string | null;
  /** How long the script may be driven, in hours. */
  hours: number | null;
  /** `link`: the result stays on its branch, with a link that opens the pull request. Left out: it is opened, as a draft. */
  pr?: "draft" | "link";
  /** Of `replay` alone: the cap that is thought of, in US dollars. */
  whatIfUsd?: number;
}

/** A mistake on the line: what is wrong, at which character (from 0), and what would be right. */
export interface Mistake {
  what: string;
  at: number;
  expected: string;
}

export type LineReading =
  | { ok: true; words: string[]; flags: RunFlags; dryRun: boolean; any: boolean }
  | { ok: false; mistake: Mistake };

interface Flag {
  name: keyof RunFlags;
  expected: string;
  /** Sets the value, or says what was expected instead. */
  set(flags: RunFlags, value: string): string | null;
}

const known: Readonly<Record<string, Flag>> = {
  budget: {
    name: "budgetUsd",
    expected: "`--budget $5` (US dollars)",
    set(flags, value) {
      flags.budgetUsd = dollars(value);
      return flags.budgetUsd === null
        ? `an amount in US dollars from $0.01 to $${limits.command.budgetUsd}, such as $5 or 2.50usd`
        : null;
    },
  },
  "max-agents": {
    name: "maxAgents",
    expected: "`--max-agents 12`",
    set(flags, value) {
      flags.maxAgents = count(value);
      return flags.maxAgents === null ? `a whole number from 1 to ${limits.run.agents}` : null;
    },
  },
  base: {
    name: "base",
    expected: "`--base main`",
    set(flags, value) {
      flags.base = isBranchName(value) ? value : null;
      return flags.base === null ? "the name of a branch, such as main or release/2.x" : null;
    },
  },
  timeout: {
    name: "hours",
    expected: "`--timeout 30m`",
    set(flags, value) {
      flags.hours = hours(value);
      return flags.hours === null
        ? `a time from 1m to ${limits.run.scriptMs / HOUR_MS}h with its unit, such as 30m or 2h`
        : null;
    },
  },
  "what-if": {
    name: "whatIfUsd",
    expected: "`--what-if budget=5`",
    set(flags, value) {
      const amount = /^budget=(.+)$/iu.exec(value)?.[1];
      const usd = amount === undefined ? null : dollars(amount);
      if (usd === null)
        return "`budget=N`, such as `budget=5`: what another cap would have made of it";
      flags.whatIfUsd = usd;
      return null;
    },
  },
  pr: {
    name: "pr",
    expected: "`--pr link`",
    set(flags, value) {
      const word = value.toLowerCase();
      if (word !== "link" && word !== "draft") {
        return "`link` (the result stays on its branch, and a link opens the pull request) or `draft` (it is opened)";
      }
      flags.pr = word;
      return null;
    },
  },
};

/** Take no value. */
const DRY_RUN = "dry-run";
const NO_PR = "no-pr";
const bare: readonly string[] = [DRY_RUN, NO_PR];
const names: readonly string[] = [...Object.keys(known), ...bare];
const HOUR_MS = 60 * 60_000;

/** Phones turn `--` into a dash. Only names we know are taken for flags then: prose has dashes too. */
const flagShape = /^(--|—|–)([a-z][\w-]*)(?:=(.*))?$/iu;
/** The same without dashes. In the middle of a sentence it is prose, so it counts only in front of the first word. */
const pairShape = /^([a-z][\w-]*)=(.*)$/iu;
const quotes: Readonly<Record<string, string>> = { '"': '"', "“": "”", "'": "'" };

/** Reads what follows the name on its line. `code` are ranges of `text` in which nothing is a flag. */
export function readFlags(text: string, code: readonly Range[]): LineReading {
  const flags: RunFlags = { budgetUsd: null, maxAgents: null, base: null, hours: null };
  const words: string[] = [];
  const seen = new Set<string>();
  let at = 0;
  for (let token = tokenAt(text, at); token !== null; token = tokenAt(text, at)) {
    at = token.end;
    const isCode = code.some(({ start, end }) => start <= token.start && token.start < end);
    if (!isCode && token.text === "--") {
      words.push(...text.slice(at).split(/\s+/u).filter(Boolean));
      break;
    }
    const asked = isCode ? null : (flagOf(token.text) ?? pairOf(token.text, words));
    if (asked === null) {
      words.push(token.text);
      continue;
    }
    const taken = takeFlag({ text, flags, seen }, token, asked);
    if ("what" in taken) return { ok: false, mistake: taken };
    at = taken.end;
  }
  return { ok: true, words, flags, dryRun: seen.has(DRY_RUN), any: seen.size > 0 };
}

interface Token extends Range {
  text: string;
}

function tokenAt(text: string, from: number): Token | null {
  const match = /\S+/u.exec(text.slice(from));
  if (match === null) return null;
  const start = from + match.index;
  return { text: match[0], start, end: start + match[0].length };
}

interface Asked {
  name: string;
  inline: boolean;
}

function flagOf(token: string): Asked | null {
  const match = flagShape.exec(token);
  const name = match?.[2]?.toLowerCase();
  if (match === null || name === undefined) return null;
  if (match[1] !== "--" && !names.includes(name)) return null;
  return { name, inline: match[3] !== undefined };
}

/** `budget=$5` behind the name or the verb. */
function pairOf(token: string, before: readonly string[]): Asked | null {
  const name = pairShape.exec(token)?.[1]?.toLowerCase();
  if (name === undefined || !Object.hasOwn(known, name)) return null;
  const isInFront = before.every((word) => isVerb(word.toLowerCase()));
  return isInFront ? { name, inline: true } : null;
}

interface Line {
  text: string;
  flags: RunFlags;
  seen: Set<string>;
}

function takeFlag(line: Line, token: Token, asked: Asked): Mistake | { end: number } {
  if (bare.includes(asked.name)) return takeBare(line, token, asked);
  const flag = Object.hasOwn(known, asked.name) ? known[asked.name] : undefined;
  if (flag === undefined) return unknownFlag(asked.name, token.start);
  const { expected } = flag;
  if (line.seen.has(asked.name)) {
    return { what: `\`--${asked.name}\` is given twice`, at: token.start, expected };
  }
  line.seen.add(asked.name);
  const valueFrom = asked.inline ? token.start + token.text.indexOf("=") + 1 : token.end;
  const value = valueAt(line.text, valueFrom, asked.inline);
  if (value === null) {
    return { what: `\`--${asked.name}\` needs a value`, at: token.start, expected };
  }
  if (value === "unclosed") {
    const at = valueFrom + line.text.slice(valueFrom).search(/\S/u);
    return { what: "the quote opened here is never closed", at, expected };
  }
  const wanted = flag.set(line.flags, value.text);
  if (wanted === null) return { end: value.end };
  return { what: `\`--${asked.name}\` takes ${wanted}`, at: value.start, expected };
}

function takeBare(
  { seen, flags }: Line,
  token: Token,
  { name, inline }: Asked,
): Mistake | { end: number } {
  // Both say what becomes of the pull request.
  const isTwice = seen.has(name) || (name === NO_PR && seen.has("pr"));
  const wrong = inline ? "takes no value" : isTwice ? "is given twice" : null;
  seen.add(name);
  if (name === NO_PR) {
    flags.pr = "link";
    seen.add("pr");
  }
  if (wrong === null) return { end: token.end };
  return { what: `\`--${name}\` ${wrong}`, at: token.start, expected: `\`--${name}\`` };
}

function valueAt(text: string, from: number, inline: boolean): Token | "unclosed" | null {
  const start = inline ? from : from + text.slice(from).search(/\S|$/u);
  const closing = quotes[text[start] ?? ""];
  if (closing !== undefined) {
    const end = text.indexOf(closing, start + 1);
    return end === -1 ? "unclosed" : { text: text.slice(start + 1, end), start, end: end + 1 };
  }
  const token = tokenAt(text, start);
  if (token === null || token.start !== start || flagOf(token.text) !== null) return null;
  return token;
}

function unknownFlag(name: string, at: number): Mistake {
  const similar = nearest(name, names, 2);
  return {
    what: `there is no flag \`--${name}\``,
    at,
    expected:
      similar === null
        ? `${names.map((each) => `\`--${each}\``).join(", ")}; words that only look like a flag go in backticks, behind \` -- \` or on the next line`
        : (known[similar]?.expected ?? `\`--${similar}\``),
  };
}

/** An amount in US dollars such as `$5` or `2.50usd`; null when it is none that we take. */
export function dollars(value: string): number | null {
  const match = /^\$?(\d{1,6}(?:\.\d{1,2})?)(?:usd)?$/iu.exec(value);
  const amount = match === null ? 0 : Number(match[1]);
  return amount > 0 && amount <= limits.command.budgetUsd ? amount : null;
}

function count(value: string): number | null {
  const number = /^\d{1,6}$/u.test(value) ? Number(value) : 0;
  return number >= 1 && number <= limits.run.agents ? number : null;
}

/** A time such as `30m`, `2h` or `1d` in hours; null when it is none that we take. */
function hours(value: string): number | null {
  const match = /^(\d{1,5}(?:\.\d)?)(m|min|h|d)$/iu.exec(value);
  if (match === null) return null;
  const unit = match[2]?.toLowerCase() ?? "";
  const each = unit === "h" ? 1 : unit === "d" ? 24 : 1 / 60;
  const time = Number(match[1]) * each;
  return time >= 1 / 60 && time <= limits.run.scriptMs / HOUR_MS ? time : null;
}

/** git's rules for branch names (git-check-ref-format), ASCII blanks and control characters among the refused. */
function isBranchName(value: string): boolean {
  if (value.length > limits.command.branchChars) return false;
  if (!/^[^\s~^:?*[\\\p{Cc}]+$/u.test(value)) return false;
  if (/\.\.|@\{|\/\/|^[-/.]|\/\.|[/.]$|\.lock(?:\/|$)|^@$/u.test(value)) return false;
  return !value.startsWith("refs/");
}
