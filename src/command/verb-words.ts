// Which verb a typed word is, is meant to be, or may become in a later version.

import type { Verb } from "./command.ts";
import { isVerb, verbs } from "./verbs.ts";

/** Words of the language that this version does not act on. They never start a run by accident. */
export const reservedWords: readonly string[] = ["steer"];

/** The verb this word is, whatever its case; null when it is none. */
export function verbOf(word: string): Verb | null {
  const lower = word.toLowerCase();
  return isVerb(lower) ? lower : null;
}

/** The verb that people mean by another word for it. */
export function meantBy(word: string): Verb | null {
  const entries = Object.entries(verbs).filter(([, { aka }]) => aka.some((each) => each === word));
  return verbOf(entries[0]?.[0] ?? "");
}
