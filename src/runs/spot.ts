// The line of a diff that a run was asked for on, in words for scripts and agents. Pure.

import { dropInvisible } from "../agent/code-points.ts";
import type { RunRecord } from "./record.ts";

type Place = RunRecord["place"];

const PATH_CHARS_MAX = 300;
const HUNK_CHARS_MAX = 8_000;

/** `src/a.js, line 12`; the path cannot say more than a path does. */
export function whereOf({ path, line, side }: NonNullable<Place>): string {
  const name = dropInvisible(path).text.replaceAll(/\s+/gu, " ").slice(0, PATH_CHARS_MAX);
  if (line === null) return name;
  return `${name}, line ${line}${side === "LEFT" ? " before the change" : ""}`;
}

/** For the author of a script, who reads the diff as data. */
export function spotOf(place: Place): { where: string; hunk: string } | null {
  if (place === null) return null;
  return { where: whereOf(place), hunk: place.hunk.slice(-HUNK_CHARS_MAX) };
}

/** The text behind a saved workflow's name, with the place; what is a JSON value stays one. */
export function withPlace(text: string, place: Place): string {
  if (place === null || /^[[{"\d]/u.test(text.trim())) return text;
  const where = `(about ${whereOf(place)})`;
  return text.trim() === "" ? where : `${text}\n${where}`;
}
