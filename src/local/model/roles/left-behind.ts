// What a worker must not leave behind: old code as a comment, and the tools of a search for a bug.

import { parseSource } from "../source.ts";

/** A line that is nothing but left-over: commented-out code, a debugger statement or a print. */
export function isLeftBehind(line: string): boolean {
  return whatIsLeftBehind(line) !== null;
}

/** What kind of left-over a line is, in words for a title; null when it is none. */
export function whatIsLeftBehind(line: string): string | null {
  const comment = /^\s*\/\/\s?(.*)$/.exec(line)?.[1];
  if (comment !== undefined) return isCode(comment) ? "Commented-out code left behind" : null;
  if (/^\s*debugger;?\s*$/.test(line)) return "A debugger statement left behind";
  return /^\s*console\.(log|debug|trace)\(.*\);?\s*$/.test(line)
    ? "A debug print left behind"
    : null;
}

function isCode(comment: string): boolean {
  if (comment.startsWith("was: ")) return true;
  return /[;{}]\s*$/.test(comment) && /[=(]/.test(comment) && parseSource("comment.js", comment).ok;
}
