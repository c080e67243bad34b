// Cuts a text in which git marked its conflicts into the places that are open. Pure.

import type { ConflictHunk } from "./git-data.ts";

/** A line that git's marks look like. */
const MARK = /^(?:<{7}|\|{7}|={7}|>{7})(?: |\r?$)/m;

type Part = "agreed" | "ours" | "base" | "theirs";

/**
 * The open places of a merged text, in its order, with the line of `ours` at which each begins. Empty when a side holds
 * lines that look like marks themselves: then nobody can tell which are git's, and the three sides have to do.
 */
export function conflictHunks(
  merged: string,
  sides: { base: string | null; ours: string | null; theirs: string | null },
): ConflictHunk[] {
  if ([sides.base, sides.ours, sides.theirs].some((side) => hasMarks(side ?? ""))) return [];
  const hunks: ConflictHunk[] = [];
  let part: Part = "agreed";
  let line = 1;
  for (const text of merged.split(/(?<=\n)/)) {
    const next = partAfter(text);
    if (next === "ours") hunks.push({ line, base: "", ours: "", theirs: "" });
    if (next !== null) {
      part = next;
      continue;
    }
    const hunk = hunks.at(-1);
    if (part !== "agreed" && hunk !== undefined) hunk[part] += text;
    if (part === "agreed" || part === "ours") line += 1;
  }
  return hunks;
}

/** Whether a text holds what git writes into files it could not merge. */
export const hasMarks = (text: string): boolean => MARK.test(text);

function partAfter(line: string): Part | null {
  if (!MARK.test(line)) return null;
  switch (line.charAt(0)) {
    case "<":
      return "ours";
    case "|":
      return "base";
    case "=":
      return "theirs";
    default:
      return "agreed";
  }
}
