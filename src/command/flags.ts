// The flags of a command line, and the words that are left when they are taken out.

import { nearest } from "./edit-distance.ts";
import type { Range } from "./find-lines.ts";
import { known, type RunFlags } from "./known-flags.ts";
import { isVerb } from "./verbs.ts";

/** A mistake on the line: what is wrong, at which character (from 0), and what would be right. */
export interface Mistake {
  what: string;
  at: number;
  expected: string;
  /** There is no such flag: behind a verb that takes none it is a wrong word. */
  isUnknown?: true;
}

export type LineReading =
  | {
      ok: true;
      words: string[];
      flags: RunFlags;
      dryRun: boolean;
      /** Of `retry` alone, which performs nothing else in any case. */
      failedOnly: boolean;
      any: boolean;
    }
  | { ok: false; mistake: Mistake };

/** Take no value. */
const DRY_RUN = "dry-run";
const NO_PR = "no-pr";
const FAILED = "failed";
const bare: readonly string[] = [DRY_RUN, NO_PR, FAILED];
const names: readonly string[] = [...Object.keys(known), ...bare];
/** Those of a run; the others belong to one verb each. */
const runNames = names.filter((name) => name !== "what-if" && name !== FAILED);

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
  const [dryRun, failedOnly] = [seen.has(DRY_RUN), seen.has(FAILED)];
  return { ok: true, words, flags, dryRun, failedOnly, any: seen.size > 0 };
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
  const value = withUnit(line.text, valueAt(line.text, valueFrom, asked.inline), flag.unit);
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

/** People write `5 usd` as well as `5usd`. */
function withUnit(
  text: string,
  value: Token | "unclosed" | null,
  unit: RegExp | undefined,
): Token | "unclosed" | null {
  if (value === null || value === "unclosed" || unit === undefined) return value;
  const next = tokenAt(text, value.end);
  if (next === null || !unit.test(next.text) || !/^\$?[\d.]+$/u.test(value.text)) return value;
  return { ...value, text: value.text + next.text, end: next.end };
}

function unknownFlag(name: string, at: number): Mistake {
  const similar = nearest(name, names, 2);
  return {
    what: `there is no flag \`--${name}\``,
    at,
    isUnknown: true,
    expected:
      similar === null
        ? `${runNames.map((each) => `\`--${each}\``).join(", ")}; words that only look like a flag go in backticks, behind \` -- \` or on the next line`
        : (known[similar]?.expected ?? `\`--${similar}\``),
  };
}
