// A diff as text for people and models: unified, with line numbers, cut where it gets too long.

import type { DiffLine, FileDiff } from "./git-data.ts";

export interface RenderDiffOptions {
  /** Longest text, the note about what was left out included. */
  maxCharacters: number;
}

const SIGNS: Readonly<Record<DiffLine["kind"], string>> = {
  context: " ",
  added: "+",
  removed: "-",
};
const NOTE_CHARACTERS = 1_000;
const NAMES_MAX = 10;

/**
 * Files one after the other as a unified diff; every line of a hunk starts with its number (of the new file, or of the
 * old one for a removed line). What does not fit is named at the end with its size, never dropped in silence.
 */
export function renderDiff(files: readonly FileDiff[], options: RenderDiffOptions): string {
  const whole = files.map(renderFile).join("\n");
  if (whole.length <= options.maxCharacters) return whole;
  const room = Math.max(0, options.maxCharacters - NOTE_CHARACTERS);
  const shown: string[] = [];
  const left: string[] = [];
  let used = 0;
  for (const file of files) {
    const text = renderFile(file);
    const free = room - used;
    const part = text.length + 1 <= free ? text : left.length === 0 ? cutAtLine(text, free) : "";
    if (part !== text) left.push(nameWithSize(file, part === "" ? "not shown" : "cut"));
    if (part === "") continue;
    shown.push(part);
    used += part.length + 1;
  }
  return [...shown, noteOf(left)].join("\n").slice(0, options.maxCharacters);
}

function renderFile(file: FileDiff): string {
  const old = file.status === "added" ? "/dev/null" : `a/${shown(file.oldPath ?? file.path)}`;
  const now = file.status === "removed" ? "/dev/null" : `b/${shown(file.path)}`;
  const lines = [`diff --git a/${shown(file.oldPath ?? file.path)} b/${shown(file.path)}`];
  if (file.oldPath !== null)
    lines.push(`rename from ${shown(file.oldPath)}`, `rename to ${shown(file.path)}`);
  if (file.modes.old !== file.modes.new) {
    lines.push(`mode ${file.modes.old ?? "none"} to ${file.modes.new ?? "none"}`);
  }
  if (file.binary) lines.push("Binary files differ");
  if (file.hunks.length > 0) lines.push(`--- ${old}`, `+++ ${now}`);
  for (const hunk of file.hunks) {
    lines.push(hunk.header, ...hunk.lines.map(renderLine));
  }
  return `${lines.join("\n")}\n`;
}

const renderLine = (line: DiffLine): string =>
  `${String(line.newLine ?? line.oldLine ?? "").padStart(5)} ${SIGNS[line.kind]}${line.text}`;

/** A file's name may hold anything; in a diff it stays on its line. */
const shown = (path: string): string =>
  /^[^\p{C}"\\]+$/u.test(path) ? path : JSON.stringify(path);

function cutAtLine(text: string, maxCharacters: number): string {
  const end = text.lastIndexOf("\n", maxCharacters);
  return end <= 0 ? "" : text.slice(0, end + 1);
}

const nameWithSize = (file: FileDiff, what: string): string =>
  `${shown(file.path).slice(0, 80)} (+${file.additions} -${file.deletions}, ${what})`;

function noteOf(left: readonly string[]): string {
  const names = left.slice(0, NAMES_MAX).join(", ");
  const more = left.length > NAMES_MAX ? ` and ${left.length - NAMES_MAX} more` : "";
  const note = `[The diff is cut here. Not or not fully shown: ${names}${more}. Read those files themselves.]`;
  return note.length > NOTE_CHARACTERS ? `${note.slice(0, NOTE_CHARACTERS - 2)}…]` : note;
}
