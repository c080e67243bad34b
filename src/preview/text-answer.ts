// Stand-ins for answers without a schema: JSON where it is asked for, one of the words that are offered, lines, or prose.

import type { Json, JsonObject } from "../engine/json.ts";
import { type StandInGiven, standInInside } from "./stand-in/answer.ts";
import { choiceOf, isBad, lengthOf } from "./stand-in/mood.ts";
import { seeded } from "./stand-in/seeded.ts";

/** What the script does with texts, as far as its text shows. */
export interface TextUses {
  /** What it reads from texts as JSON; null when it reads none. */
  texts: JsonObject | null;
  /** Texts it compares with or looks for. */
  sought: ReadonlySet<string>;
}

/** A text for a prompt. */
export function textAnswer(prompt: string, uses: TextUses, given: StandInGiven): string {
  const word = (): string | null => wordAnswer(prompt, uses, given);
  const json = (): string | null => jsonAnswer(prompt, uses, given);
  const first = /\bJSON\b/.test(prompt) ? json() : word();
  return first ?? json() ?? word() ?? linesAnswer(prompt, given) ?? prose(prompt, uses, given);
}

function jsonAnswer(prompt: string, { texts }: TextUses, given: StandInGiven): string | null {
  const asked = /\bJSON\b/.test(prompt);
  if (!asked && texts === null) return null;
  const example = asked ? jsonIn(prompt) : undefined;
  const isRead = texts !== null && Object.keys(texts).length > 0;
  if (example !== undefined && !isRead) return JSON.stringify(example);
  if (texts === null) return null;
  const made = standInInside(texts, given);
  return JSON.stringify(joined(example, made ?? {}));
}

/** What the prompt shows, with what the script reads in place of the same fields. */
function joined(example: Json | undefined, made: Json): Json {
  const both = [example, made].every(
    (part) => typeof part === "object" && part !== null && !Array.isArray(part),
  );
  if (!both || example === undefined) return made;
  return Object.assign({}, example, made);
}

const EXAMPLE_CHARS = 20_000;

/** The first text in braces or brackets that is JSON. */
function jsonIn(prompt: string): Json | undefined {
  const text = prompt.slice(0, EXAMPLE_CHARS);
  for (const { index } of [...text.matchAll(/[[{](?=\s*["{[\]}])/g)].slice(0, 20)) {
    for (const { index: length } of [...text.slice(index).matchAll(/[\]}]/g)].slice(0, 50)) {
      try {
        const parsed: Json = JSON.parse(text.slice(index, index + length + 1));
        return parsed;
      } catch {
        // Not yet a whole value, or none at all: the next bracket may end it.
      }
    }
  }
  return undefined;
}

const OFFER =
  /\b(?:[Rr]eply|[Aa]nswer|[Rr]espond|[Rr]eturn|[Oo]utput|[Ss]ay|[Ww]rite|[Pp]rint|[Ee]nd|[Ss]tart|[Ff]inish|[Bb]egin)\w*\b[^\n.]{0,80}?["'`]?\b([A-Z][A-Z_-]{1,24})\b["'`]?(?:\s*(?:\/|\||,|or)\s*["'`]?\b([A-Z][A-Z_-]{1,24})\b)?/g;

/** A word that the prompt offers, if the script looks for it, or if it is plainly an offer. */
function wordAnswer(prompt: string, { sought }: TextUses, given: StandInGiven): string | null {
  // Where all goes well nobody reports an error, though the script looks for one.
  const isLikely = (word: string): boolean => given.mood.flags !== "good" || !isBad(word);
  const looked = [...sought].filter((word) => /\w/.test(word) && prompt.includes(word));
  const offered = [...prompt.matchAll(OFFER)].flatMap(([, one = "", other = ""]) => [one, other]);
  const likely = looked.filter(isLikely);
  const [first, ...more] =
    likely.length > 0
      ? likely
      : offered.filter((word) => word !== "" && word !== "JSON" && isLikely(word));
  if (first === undefined) return null;
  const { between } = seeded(given.seed);
  return choiceOf(given.mood, [first, ...more], (count) => between(0, count - 1));
}

function linesAnswer(prompt: string, { seed, mood, paths }: StandInGiven): string | null {
  if (
    !/\b(one|each|a) \w+ (per|a|each|on its own) line\b|\bone per line\b|newline[- ]separated/i.test(
      prompt,
    )
  )
    return null;
  const { token, between } = seeded(seed);
  const length = lengthOf(mood, { least: 0, most: 8, depth: 0 });
  const ofFiles = /\b(file|path)s?\b/i.test(prompt) && paths.length > 0;
  const line = (): string =>
    ofFiles ? (paths[between(0, paths.length - 1)] ?? token()) : `stand-in ${token()}`;
  return Array.from({ length }, line).join("\n");
}

function prose(prompt: string, { sought }: TextUses, { seed }: StandInGiven): string {
  // Words the script looks for say something to it; these should say nothing.
  const isSought = (word: string): boolean =>
    [...sought].some((one) => word.toLowerCase().includes(one.toLowerCase()));
  const told = prompt.trim().split(/\s+/).slice(0, 8);
  const words = told.filter((word) => !isSought(word)).join(" ");
  return `Stand-in answer ${seeded(seed).token()} to: ${words}`;
}
