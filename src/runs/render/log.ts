// What a script said to people: the last lines of its log, folded, since they may be many and may hold anybody's words.

import { counted, cut, fenced, folded, inline } from "./text.ts";

const LINES_SHOWN = 50;
const LINE_CHARS = 300;
const SUMMARY_CHARS = 120;

/** The newest line is in sight, those before it behind a click; null without any, or without room for them. */
export function renderLog(lines: readonly string[], room: number): string | null {
  const last = lines.at(-1);
  if (last === undefined) return null;
  const shown = lines
    .slice(-LINES_SHOWN)
    .map((line) => cut(line.replaceAll("\n", "\n  "), LINE_CHARS));
  const more = lines.length - shown.length;
  const cutOff = more > 0 ? [`… ${counted(more, "earlier line")}`] : [];
  const summary = `Log, ${counted(lines.length, "line")}: ${inline(last, SUMMARY_CHARS)}`;
  const text = folded(summary, fenced([...cutOff, ...shown].join("\n"), ""));
  return text.length > room ? null : text;
}
