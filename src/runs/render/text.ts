// Small pure helpers for the Markdown we post. Text of models and people goes through `harmless`, `quoted` or `inline` first.

import { defused, harmless, JOINER } from "./harmless.ts";

/** One line of somebody's text, cut at `max` characters, safe inside a table cell or a heading. */
export function inline(text: string, max = 120): string {
  return cut(defused(text).replace(/\s+/g, " ").replace(/\|/g, "\\|").trim(), max);
}

/** Cuts between characters, never inside a surrogate pair, and shows that it did. */
export function cut(text: string, max: number): string {
  if (max <= 0) return "";
  if (text.length <= max) return text;
  const end = text.charCodeAt(max - 2) >> 10 === 0x36 ? max - 2 : max - 1;
  return `${text.slice(0, end)}…`;
}

/** What stands before the first line end. */
export const firstLine = (text: string): string => text.trim().split("\n", 1)[0] ?? "";

/** A code span of one line that survives backticks in its text, and table cells around it. */
export const code = (given: string): string => codeLine(given.replace(/\|/g, "\\|"));

/** The same for a line outside of tables, where a bar stays what it is. */
export function codeLine(given: string): string {
  const text = given.replace(/[\r\n]+/g, " ").replace(/<!--/g, `<${JOINER}!--`);
  const longest = Math.max(0, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = "`".repeat(longest + 1);
  const pad = text.startsWith("`") || text.endsWith("`") ? " " : "";
  return `${fence}${pad}${text}${pad}${fence}`;
}

/** A fenced block that its text cannot end, and in which nothing poses as one of our markers. */
export function fenced(given: string, language: string): string {
  const text = given.replace(/<!--(?=\s*fanfold)/gi, `<${JOINER}!--`).replace(/\n$/, "");
  const longest = Math.max(2, ...[...text.matchAll(/`{3,}/g)].map(([run]) => run.length));
  const fence = "`".repeat(longest + 1);
  return `${fence}${language}\n${text}\n${fence}`;
}

/** What somebody quotes as evidence: their own Markdown where they marked code themselves, else a block that keeps every character. */
export function quoted(text: string): string {
  const fences = text.match(/^ {0,3}(?:```|~~~)/gm)?.length ?? 0;
  return text.includes("`") && fences % 2 === 0 ? harmless(text) : fenced(text, "");
}

/** A fold that people open. */
export function folded(summary: string, body: string): string {
  return `<details><summary>${summary}</summary>\n\n${body}\n\n</details>`;
}

/** Dollars with cents; "price unknown" when a model has no known price. */
export function money(costUsd: number | null): string {
  return costUsd === null ? "price unknown" : `$${costUsd.toFixed(2)}`;
}

/** `12,345`; the same on every machine. */
export function thousands(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, ",");
}

/** "1 file", "3 files". */
export function counted(count: number, noun: string): string {
  return `${thousands(count)} ${noun}${count === 1 ? "" : "s"}`;
}

/** The time of a moment (milliseconds since 1970) to the second: `14:05:07 UTC`. */
export const clockTime = (at: number): string => `${new Date(at).toISOString().slice(11, 19)} UTC`;

/** A moment (milliseconds since 1970) as people write it: `2026-01-31 14:05 UTC`. */
export const moment = (at: number): string =>
  `${new Date(at).toISOString().slice(0, 16).replace("T", " ")} UTC`;

/** "42 s", "3 min 5 s". */
export function duration(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  return minutes < 60
    ? `${minutes} min ${seconds % 60} s`
    : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** Joins paragraphs that are there. */
export function paragraphs(...parts: (string | null)[]): string {
  return parts.filter((part) => part !== null && part !== "").join("\n\n");
}
