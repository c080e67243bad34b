// What a comment asks of us, if anything: pure, total, and never guessing.

import { limits } from "../config/limits.ts";
import { readArguments } from "./arguments.ts";
import type { Command, Verb } from "./command.ts";
import { allVerbs } from "./verbs.ts";
import { nearest } from "./edit-distance.ts";
import { findLines, type Hint, type Range, type Reading } from "./find-lines.ts";
import { readFlags, type LineReading, type Mistake } from "./flags.ts";
import { meantBy, reservedWords, verbOf } from "./verb-words.ts";

/** Why a comment that speaks to us is not carried out. */
export type Problem =
  | { kind: "mistake"; line: string; mistake: Mistake }
  /** Something else stands behind a verb than it takes. */
  | { kind: "wrong-words"; verb: Verb; line: string }
  | { kind: "takes-no-flags"; verb: "approve" | "reject"; line: string }
  | { kind: "several"; count: number }
  | { kind: Hint };

/** What a comment holds. `notes` are sentences about how it was read; `line` is the command as typed. */
export type Parsed =
  | { kind: "nothing" }
  | { kind: "command"; command: Command; line: string; notes: string[] }
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

/** Reads a comment's Markdown. Never throws, whatever the text. */
export function parseComment(body: string): Parsed {
  const source = body
    .slice(0, limits.command.bodyChars)
    .replaceAll(/\r\n?/gu, "\n")
    .replaceAll(brokenName, keepBroken)
    .replaceAll(invisible, "");
  if (!/\/(?:workflow|wf)/iu.test(source)) return { kind: "nothing" };
  const reading = findLines(source);
  const [line, ...others] = reading.lines;
  if (line === undefined) {
    return reading.hint === null
      ? { kind: "nothing" }
      : { kind: "problem", problem: { kind: reading.hint } };
  }
  if (others.length > 0) return several(others.length + 1);
  const typed = source.slice(line.start, line.end).trim();
  const parsed = parseLine({ source, reading }, line, typed);
  if (parsed.kind !== "command") return parsed;
  return withNote(parsed, invisibleNote(body));
}

interface Context {
  source: string;
  reading: Reading;
}

function parseLine(context: Context, line: Range, typed: string): Parsed {
  const rest = restOf(context, line);
  const read = readFlags(rest.text, rest.code);
  if (!read.ok) return mistaken(typed, rest, read.mistake);
  const command = commandOf(read, typed);
  if (command.kind !== "command" || !hasTask(command.command)) return command;
  return withTask(context, line, command);
}

interface Rest {
  text: string;
  code: Range[];
  /** Where `text` begins in the trimmed line. */
  offset: number;
}

/** The line behind our name; hidden HTML becomes blanks, so that places stay what they are. */
function restOf({ source, reading }: Context, line: Range): Rest {
  const shown = blankOut(source.slice(line.start, line.end), line.start, reading.hidden);
  const name = /^\s*\/\w+/u.exec(shown)?.[0] ?? "";
  const from = line.start + name.length;
  const code = reading.code.map(({ start, end }) => ({ start: start - from, end: end - from }));
  return { text: shown.slice(name.length), code, offset: name.trimStart().length };
}

function blankOut(text: string, offset: number, hidden: readonly Range[]): string {
  let shown = text;
  for (const range of hidden) {
    const start = Math.max(0, range.start - offset);
    const end = Math.min(text.length, range.end - offset);
    if (start < end) shown = shown.slice(0, start) + " ".repeat(end - start) + shown.slice(end);
  }
  return shown;
}

function mistaken(line: string, rest: Rest, mistake: Mistake): Parsed {
  const at = mistake.at + rest.offset;
  return {
    kind: "problem",
    problem: { kind: "mistake", line, mistake: { ...mistake, at } },
  };
}

type LineRead = Extract<LineReading, { ok: true }>;

function commandOf(read: LineRead, line: string): Parsed {
  const [first, ...others] = read.words;
  if (first === undefined) return found(emptyOrFlags(read), line);
  const verb = verbOf(first);
  if (verb === "run" || verb === "plan") return found(run(verb, others, read), line);
  if (verb === "approve" || verb === "reject") return wordOn(verb, others, { read, line });
  if (verb !== null) {
    const command = readArguments(verb, others, read);
    return command === null
      ? { kind: "problem", problem: { kind: "wrong-words", verb, line } }
      : found(command, line);
  }
  const unknown = unknownWord(first.toLowerCase(), others.length);
  return found(unknown ?? run("run", read.words, read), line);
}

function emptyOrFlags(read: LineRead): Command {
  return read.any ? run("run", [], read) : { verb: "empty", after: null };
}

type Task = Extract<Command, { task: string }>;

function run(verb: Task["verb"], words: readonly string[], read: LineRead): Command {
  return { verb, words, task: words.join(" "), flags: read.flags };
}

function hasTask(command: Command): command is Task {
  return command.verb === "run" || command.verb === "plan";
}

/** What hashes and ids look like: one that is mistyped must not pass as words on another plan or question. */
const idShape = /^(?:q-[0-9a-z]+|[0-9a-f]{6,64})$/iu;

/** A flag would loosen or narrow what is approved; an approval is for what is shown, or it is none. */
function wordOn(
  verb: "approve" | "reject",
  words: readonly string[],
  { read, line }: { read: LineRead; line: string },
): Parsed {
  if (read.any) return { kind: "problem", problem: { kind: "takes-no-flags", verb, line } };
  const [first = "", ...others] = words;
  const hasId = idShape.test(first);
  const id = hasId ? first.toLowerCase() : null;
  return found({ verb, id, comment: (hasId ? others : words).join(" ") }, line);
}

/** A single odd word is likelier a slip than a task, and so is a near miss with one word behind it. */
function unknownWord(word: string, wordsBehind: number): Command | null {
  if (reservedWords.includes(word)) return { verb: "unknown", word, suggestion: null };
  if (wordsBehind > 1) return null;
  const meant = wordsBehind === 0 ? meantBy(word) : null;
  if (meant !== null) return { verb: "unknown", word, suggestion: meant };
  const similar = nearest(word, allVerbs, wordsBehind === 0 ? 2 : 1);
  return similar === null ? null : { verb: "unknown", word, suggestion: similar };
}

function found(command: Command, line: string): Parsed {
  return { kind: "command", command, line, notes: [] };
}

/** Adds the lines below to a run's task, up to a `---`, and cuts what is too long. */
function withTask({ source, reading }: Context, line: Range, parsed: Parsed): Parsed {
  if (parsed.kind !== "command" || !hasTask(parsed.command)) return parsed;
  const end = reading.breaks.filter((at) => at > line.end).sort((a, b) => a - b)[0];
  const below = withoutHidden(source.slice(line.end, end), line.end, reading.hidden);
  const lines = [parsed.command.task, ...below.split("\n").slice(1)];
  const whole = lines
    .map((each) => each.trimEnd())
    .join("\n")
    .trim();
  const { verb } = parsed.command;
  if (whole === "") return found({ verb: "empty", after: verb }, parsed.line);
  const command = { ...parsed.command, task: cut(whole) };
  const tooLong = whole.length > limits.command.taskChars;
  return withNote({ ...parsed, command }, tooLong ? cutNote(whole.length) : null);
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

function withNote(parsed: Extract<Parsed, { kind: "command" }>, note: string | null): Parsed {
  return note === null ? parsed : { ...parsed, notes: [...parsed.notes, note] };
}

function several(count: number): Parsed {
  return { kind: "problem", problem: { kind: "several", count } };
}
