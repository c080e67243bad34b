// What a comment asks of us, if anything: pure, total, and never guessing.

import { limits } from "../config/limits.ts";
import { clashOf } from "./clash.ts";
import type { Command } from "./command.ts";
import { findLines, type Hint, type Range, type Reading } from "./find-lines.ts";
import { type LineProblem, readLine, type Task } from "./read-line.ts";

/** One command and its line as typed. */
export interface Typed {
  command: Command;
  line: string;
}

/** Why a comment that speaks to us is not carried out. */
export type Problem =
  | LineProblem
  /** One of several lines cannot be carried out, so none is. */
  | { kind: "one-of-several"; count: number; problem: LineProblem }
  /** More than are taken in one comment. */
  | { kind: "too-many"; count: number }
  /** Two commands of one comment that want opposite things. */
  | { kind: "clash"; lines: readonly [string, string] }
  | { kind: Hint };

/** What a comment holds: one command or several, in their order. `notes` are sentences about how it was read. */
export type Parsed =
  | { kind: "nothing" }
  | { kind: "commands"; commands: readonly [Typed, ...Typed[]]; notes: string[] }
  | { kind: "problem"; problem: Problem };

/** Characters that do not show: format and control characters but line end, tab, and the joiner of an emoji. */
const invisible =
  /(?<![\p{Extended_Pictographic}\p{Emoji_Modifier}\uFE0F])\u200D|(?![\u200D\n\t])[\p{Cf}\p{Cc}]/gu;

/**
 * A word that is our name only when what does not show in it is taken away. Nobody sees why it is a command, so it is
 * none: nothing is removed to make one.
 */
const brokenName = /\/(?:(?![\n\t])[\p{Cf}\p{Cc}a-z])+/giu;

function keepBroken(word: string): string {
  const shown = word.replaceAll(invisible, "");
  return shown !== word && /^\/(?:workflow|wf)$/iu.test(shown) ? word.replace("/", "∕") : word;
}

/** Whether a comment is worth reading: what does not name us commands nothing. Cheap, unlike reading it. */
export const namesUs = (body: string): boolean => isNamedIn(sourceOf(body));

const isNamedIn = (source: string): boolean => /\/(?:workflow|wf)/iu.test(source);

/** Reads a comment's Markdown. Never throws, whatever the text. */
export function parseComment(body: string): Parsed {
  const source = sourceOf(body);
  if (!isNamedIn(source)) return { kind: "nothing" };
  const reading = findLines(source);
  const { lines, hint } = reading;
  if (lines.length === 0) {
    return hint === null ? { kind: "nothing" } : { kind: "problem", problem: { kind: hint } };
  }
  if (lines.length > limits.command.atOnce) {
    return { kind: "problem", problem: { kind: "too-many", count: lines.length } };
  }
  return together({ source, reading }, invisibleNote(body));
}

/** The lines that address us, as typed, whatever they ask for. */
export function commandLines(body: string): string[] {
  const source = sourceOf(body);
  if (!isNamedIn(source)) return [];
  return findLines(source).lines.map(({ start, end }) => source.slice(start, end).trim());
}

const sourceOf = (body: string): string =>
  body
    .slice(0, limits.command.bodyChars)
    .replaceAll(/\r\n?/gu, "\n")
    .replaceAll(brokenName, keepBroken)
    .replaceAll(invisible, "");

interface Context {
  source: string;
  reading: Reading;
}

/** All of them or none: half of what somebody wrote is not what they wrote. */
function together(context: Context, note: string | null): Parsed {
  const { lines } = context.reading;
  const commands: Typed[] = [];
  const notes = note === null ? [] : [note];
  for (const [index, range] of lines.entries()) {
    const line = context.source.slice(range.start, range.end).trim();
    const read = readLine(context, range, line);
    if ("kind" in read) return problemIn(lines.length, read);
    const { command, said } = withTask(context, read.command, { range, next: lines[index + 1] });
    commands.push({ command, line });
    notes.push(...said);
  }
  return ruled(commands, notes);
}

function problemIn(count: number, problem: LineProblem): Parsed {
  if (count === 1) return { kind: "problem", problem };
  return { kind: "problem", problem: { kind: "one-of-several", count, problem } };
}

/** Words that start nothing are answered where they stand alone; beside others they keep all from starting. */
function ruled([first, ...others]: readonly Typed[], notes: string[]): Parsed {
  if (first === undefined) return { kind: "nothing" };
  const commands = [first, ...others] as const;
  if (others.length === 0) return { kind: "commands", commands: [first], notes };
  const odd = commands.find(({ command: { verb } }) => verb === "unknown" || verb === "empty");
  if (odd !== undefined) return problemIn(commands.length, { kind: "odd-word", line: odd.line });
  const lines = clashOf(commands);
  if (lines !== null) return { kind: "problem", problem: { kind: "clash", lines } };
  return { kind: "commands", commands, notes };
}

interface Place {
  range: Range;
  /** The next command's line. */
  next: Range | undefined;
}

/** Adds the lines below to a task, up to the next command or a `---`, and cuts what is too long. */
function withTask(
  context: Context,
  command: Command,
  place: Place,
): { command: Command; said: string[] } {
  if (command.verb === "unknown") {
    if (command.run === null) return { command, said: [] };
    const { task } = wholeTask(context, command.run, place);
    return { command: { ...command, run: { ...command.run, task } }, said: [] };
  }
  if (command.verb !== "run" && command.verb !== "plan") return { command, said: [] };
  const { task, said } = wholeTask(context, command, place);
  if (task === "") return { command: { verb: "empty", after: command.verb }, said: [] };
  return { command: { ...command, task }, said };
}

function wholeTask(
  { source, reading }: Context,
  { task }: Task,
  { range, next }: Place,
): { task: string; said: string[] } {
  const ends = [...reading.breaks, ...(next === undefined ? [] : [next.start])];
  const end = ends.filter((at) => at > range.end).sort((a, b) => a - b)[0];
  const below = withoutHidden(source.slice(range.end, end), range.end, reading.hidden);
  const whole = [task, ...below.split("\n").slice(1)]
    .map((each) => each.trimEnd())
    .join("\n")
    .trim();
  const tooLong = whole.length > limits.command.taskChars;
  return { task: cut(whole), said: tooLong ? [cutNote(whole.length)] : [] };
}

function withoutHidden(text: string, offset: number, hidden: readonly Range[]): string {
  const inside = hidden.filter(({ start }) => start >= offset).sort((a, b) => a.start - b.start);
  let shown = "";
  let from = 0;
  for (const { start, end } of inside) {
    shown += text.slice(from, Math.max(from, start - offset));
    from = Math.max(from, end - offset);
  }
  return shown + text.slice(from);
}

function cut(task: string): string {
  if (task.length <= limits.command.taskChars) return task;
  return task.slice(0, limits.command.taskChars).replace(/[\uD800-\uDBFF]$/u, "");
}

function cutNote(chars: number): string {
  return `The task had ${chars} characters; only the first ${limits.command.taskChars} were taken.`;
}

function invisibleNote(body: string): string | null {
  const count = body.replaceAll(/\r\n?/gu, "\n").match(invisible)?.length ?? 0;
  if (count === 0) return null;
  return `${count} invisible character${count === 1 ? " was" : "s were"} removed from the comment before it was read.`;
}
