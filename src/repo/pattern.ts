// Brings the regular expressions people and models write into the extended dialect that git searches with.

import { SearchRefused } from "./contract.ts";

const OUTSIDE: Readonly<Record<string, string>> = {
  d: "[0-9]",
  D: "[^0-9]",
  t: "\t",
};
const INSIDE: Readonly<Record<string, string>> = {
  d: "0-9",
  w: "[:alnum:]_",
  s: "[:space:]",
  t: "\t",
};

/**
 * `\d`, `(?:…)`, lazy quantifiers and escapes in brackets said in POSIX words; the rest is passed on as it stands.
 * Refuses look-around and named groups with `SearchRefused`, since git would read them as something else.
 */
export function toExtended(pattern: string): string {
  let extended = "";
  for (let at = 0; at < pattern.length;) {
    const [text, length] = translateAt(pattern, at);
    extended += text;
    at += length;
  }
  return extended;
}

function translateAt(pattern: string, at: number): readonly [text: string, length: number] {
  const character = pattern.charAt(at);
  const next = pattern.charAt(at + 1);
  if (character === "\\") return [OUTSIDE[next] ?? `\\${next}`, 2];
  if (character === "[") return translateSet(pattern, at);
  if (character === "(" && next === "?") {
    if (pattern.charAt(at + 2) === ":") return ["(", 3];
    throw new SearchRefused(
      `${JSON.stringify(pattern)} uses (?…), which searches do not know. Search for the plain part and read the hits.`,
    );
  }
  if ("*+?}".includes(character) && next === "?") return [character, 2];
  return [character, 1];
}

/** A bracket expression: a backslash means itself there in POSIX, so escapes are resolved. */
function translateSet(pattern: string, at: number): readonly [text: string, length: number] {
  const [all, open = "[", body = ""] =
    /^(\[\^?)((?:\[:[a-z]+:\]|\\.|[^\]\\])+)\]/s.exec(pattern.slice(at)) ?? [];
  if (all === undefined) {
    throw new SearchRefused(
      `${JSON.stringify(pattern)} has a [ without its ]. Put a backslash before [ to mean the character itself.`,
    );
  }
  // Only at its ends do `]` and `-` stand for themselves in a set.
  const first = body.includes("\\]") ? "]" : "";
  const last = body.includes("\\-") ? "-" : "";
  const members = body.replaceAll(/\\(.)/gs, (_, escaped: string) =>
    escaped === "]" || escaped === "-" ? "" : (INSIDE[escaped] ?? escaped),
  );
  return [`${open}${first}${members}${last}]`, all.length];
}
