// One line that addresses us, as a command or as what keeps it from being one. Pure.

import { readArguments } from "./arguments.ts";
import type { Command, Verb } from "./command.ts";
import { nearest } from "./edit-distance.ts";
import type { Range, Reading } from "./find-lines.ts";
import { type LineReading, type Mistake, readFlags } from "./flags.ts";
import { meantBy, reservedWords, verbOf } from "./verb-words.ts";
import { allVerbs } from "./verbs.ts";

/** Why a line is not carried out. */
export type LineProblem =
  | { kind: "mistake"; line: string; mistake: Mistake }
  /** Something else stands behind a verb than it takes. */
  | { kind: "wrong-words"; verb: Verb; line: string }
  | { kind: "takes-no-flags"; verb: "approve" | "reject"; line: string }
  /** Beside other commands: a word that is none, or a verb without its task. */
  | { kind: "odd-word"; line: string };

export type Task = Extract<Command, { task: string }>;

interface Context {
  source: string;
  reading: Reading;
}

/** Reads the line in `range`, which is `typed` without the blanks around it. */
export function readLine(
  context: Context,
  range: Range,
  typed: string,
): { command: Command } | LineProblem {
  const rest = restOf(context, range);
  const read = onlyForReplay(readFlags(rest.text, rest.code), rest.text);
  if (read.ok) return commandOf(read, typed);
  const at = read.mistake.at + rest.offset;
  return { kind: "mistake", line: typed, mistake: { ...read.mistake, at } };
}

/** Whoever asks what would be must not have it begun. */
function onlyForReplay(read: LineReading, text: string): LineReading {
  if (!read.ok || read.flags.whatIfUsd === undefined) return read;
  if (verbOf(read.words[0] ?? "") === "replay") return read;
  const mistake = {
    what: "`--what-if` belongs to `replay`",
    at: Math.max(0, text.search(/\S*what-if/iu)),
    expected: "`/workflow replay RUN --what-if budget=5`",
  };
  return { ok: false, mistake };
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

type LineRead = Extract<LineReading, { ok: true }>;

function commandOf(read: LineRead, line: string): { command: Command } | LineProblem {
  const [first, ...others] = read.words;
  if (first === undefined) return { command: emptyOrFlags(read) };
  const verb = verbOf(first);
  if (verb === "run" || verb === "plan") return { command: task(verb, others, read) };
  if (verb === "approve" || verb === "reject") return wordOn(verb, others, { read, line });
  if (verb !== null) {
    const command = readArguments(verb, others, read);
    return command === null ? { kind: "wrong-words", verb, line } : { command };
  }
  const run = task("run", read.words, read);
  return { command: unknownWord(first.toLowerCase(), others.length, run) ?? run };
}

function emptyOrFlags(read: LineRead): Command {
  return read.any ? task("run", [], read) : { verb: "empty", after: null };
}

/** `--dry-run` asks for the plan alone. */
function task(verb: Task["verb"], words: readonly string[], { flags, dryRun }: LineRead): Task {
  return { verb: dryRun ? "plan" : verb, words, task: words.join(" "), flags };
}

/** What hashes and ids look like: one that is mistyped must not pass as words on another plan or question. */
const idShape = /^(?:q-[0-9a-z]+|[0-9a-f]{6,64})$/iu;

/** A flag would loosen or narrow what is approved; an approval is for what is shown, or it is none. */
function wordOn(
  verb: "approve" | "reject",
  words: readonly string[],
  { read, line }: { read: LineRead; line: string },
): { command: Command } | LineProblem {
  if (read.any) return { kind: "takes-no-flags", verb, line };
  const [first = "", ...others] = words;
  const hasId = idShape.test(first);
  const id = hasId ? first.toLowerCase() : null;
  return { command: { verb, id, comment: (hasId ? others : words).join(" ") } };
}

/**
 * A single odd word is likelier a slip than a task, and so is a near miss with one word behind it; unless it is the name of
 * a workflow, which those know who know the repository: for them the run that it would be is kept.
 */
function unknownWord(word: string, wordsBehind: number, run: Task): Command | null {
  if (reservedWords.includes(word)) return { verb: "unknown", word, suggestion: null, run: null };
  if (wordsBehind > 1) return null;
  const meant = wordsBehind === 0 ? meantBy(word) : null;
  if (meant !== null) return { verb: "unknown", word, suggestion: meant, run };
  const similar = nearest(word, allVerbs, wordsBehind === 0 ? 2 : 1);
  return similar === null ? null : { verb: "unknown", word, suggestion: similar, run };
}
