// Stand-in strings: by pattern, by format, by what the field is called.

import randexp from "randexp";

import type { Json, JsonObject } from "../../engine/json.ts";
import type { Mood } from "./mood.ts";
import { choiceOf } from "./mood.ts";
import type { Seeded } from "./seeded.ts";

/** What strings are made with. */
export interface TextGiven {
  chance: Seeded;
  mood: Mood;
  /** Files of the repository, for fields that name one. */
  paths: readonly string[];
  /** Values a script compares a field with, by the field's name. */
  words: ReadonlyMap<string, readonly string[]>;
}

/** A string for a field, within its length where that can be. */
export function standInText(schema: JsonObject, name: string, given: TextGiven): string {
  const { pattern, format } = schema;
  if (typeof pattern === "string") return fromPattern(pattern, given.chance);
  const made =
    (typeof format === "string" ? fromFormat(format, given.chance) : null) ??
    fromWords(schema, name, given) ??
    fromName(name, given);
  return toLength(made, schema);
}

/** Repetitions in a pattern beyond this many characters in all are not spelled out. */
const MOST_REPEATED = 5_000;

function fromPattern(pattern: string, { between }: Seeded): string {
  const counts = [...pattern.matchAll(/\{(\d+)/g)].map(([, count]) => Math.max(1, Number(count)));
  if (counts.reduce((product, count) => product * count, 1) > MOST_REPEATED) return "";
  const face: unknown = randexp;
  if (!isMaker(face)) throw new Error("The maker of texts for patterns is not a class.");
  try {
    const maker = new face(pattern);
    maker.max = 4;
    maker.randInt = between;
    return maker.gen();
  } catch {
    // What the generator cannot read, the validator judges; the answer then does not fit and says so.
    return "";
  }
}

// At run time the package is the class itself; its types put it one level further down.
function isMaker(face: unknown): face is typeof randexp.default {
  return typeof face === "function";
}

function fromFormat(format: string, { between, token }: Seeded): string | null {
  const two = (high: number): string => String(between(1, high)).padStart(2, "0");
  const date = `2026-${two(12)}-${two(28)}`;
  const time = `${two(23)}:${two(59)}:${two(59)}Z`;
  const hex = (chars: number): string =>
    Array.from({ length: chars }, () => between(0, 15).toString(16)).join("");
  const formats: Readonly<Record<string, string>> = {
    date,
    time,
    "date-time": `${date}T${time}`,
    "iso-date-time": `${date}T${time}`,
    "iso-time": time,
    duration: `PT${between(1, 59)}M`,
    email: `${token()}@example.org`,
    "idn-email": `${token()}@example.org`,
    hostname: `${token()}.example.org`,
    "idn-hostname": `${token()}.example.org`,
    ipv4: `192.0.2.${between(1, 254)}`,
    ipv6: `2001:db8::${between(1, 9999)}`,
    uri: `https://example.org/${token()}`,
    url: `https://example.org/${token()}`,
    iri: `https://example.org/${token()}`,
    "uri-reference": `/${token()}`,
    "iri-reference": `/${token()}`,
    "uri-template": `https://example.org/{id}`,
    uuid: `${hex(8)}-${hex(4)}-4${hex(3)}-8${hex(3)}-${hex(12)}`,
    regex: `^${token()}$`,
    "json-pointer": `/${token()}`,
    "relative-json-pointer": `1/${token()}`,
    byte: "c3RhbmQtaW4=",
  };
  return formats[format] ?? null;
}

/** Words the script compares with, or that the description lists: `PASS | FAIL`, one of: "a", "b". */
function fromWords(schema: JsonObject, name: string, given: TextGiven): string | null {
  const described = listedWords(schema["description"]);
  const [first, ...more] = described.length > 0 ? described : (given.words.get(name) ?? []);
  if (first === undefined) return null;
  return choiceOf(given.mood, [first, ...more], (count) => given.chance.between(0, count - 1));
}

function listedWords(description: Json | undefined): string[] {
  if (typeof description !== "string") return [];
  const bars = /(?:^|[\s:("'`])((?:["'`]?[\w-]{1,30}["'`]?\s*\|\s*)+["'`]?[\w-]{1,30}["'`]?)/.exec(
    description,
  );
  const words =
    bars?.[1] ??
    /\bone of:?\s*((?:["'`][^"'`]{1,30}["'`](?:,\s*(?:or\s+)?|\s+or\s+)?)+)/i.exec(
      description,
    )?.[1];
  if (words === undefined) return [];
  return words
    .split(/[|,]|\s+or\s+/)
    .map((word) => word.replace(/["'`]/g, "").trim())
    .filter(Boolean);
}

function fromName(name: string, { chance, paths }: TextGiven): string {
  const { between, token } = chance;
  const number = between(1, 40);
  const [first, ...more] = paths;
  if (
    /(^|_)(path|file|filename|filepath|module|target)s?$|(Path|File|Files|Paths|Module)$/i.test(
      name,
    )
  ) {
    return first === undefined ? `src/${token()}.js` : chance.pick([first, ...more]);
  }
  if (/url|uri|link|href|source$/i.test(name)) return `https://example.org/${token()}`;
  if (/^(sha|commit|head|oid)$|Sha$|Commit$/.test(name)) {
    return Array.from({ length: 40 }, () => between(0, 15).toString(16)).join("");
  }
  if (/severity|priority|impact/i.test(name)) return chance.pick(["high", "medium", "low"]);
  if (/^lines?$|lineNumber|number$|count$|^pr$/i.test(name)) return String(number);
  if (/date|timestamp|^at$/i.test(name)) return `2026-01-${String(between(10, 28))}`;
  if (/version/i.test(name)) return `1.${number}.0`;
  if (/^id$|Id$|_id$|^(key|slug)$|branch/i.test(name)) return `stand-in-${token()}`;
  if (/json/i.test(name)) return "{}";
  return `stand-in ${name === "" ? "text" : name} ${token()}`;
}

function toLength(text: string, { minLength, maxLength }: JsonObject): string {
  const least = typeof minLength === "number" ? minLength : 0;
  const most = typeof maxLength === "number" ? maxLength : Infinity;
  const long = text.length >= least ? text : text.padEnd(Math.min(least, 1_000_000), " stand-in");
  return long.length <= most ? long : long.slice(0, most);
}
