// One line that addresses us, as a command or as what keeps it from being one. Pure.

import { isRunId, plainId, readArguments } from "./arguments.ts";
import type { Command, Verb } from "./command.ts";
import { nearest } from "./edit-distance.ts";
import type { Range, Reading } from "./find-lines.ts";
import { type LineReading, type Mistake, readFlags } from "./flags.ts";
import { meantBy, reservedWords, verbOf } from "./verb-words.ts";
import { allVerbs, verbs } from "./verbs.ts";

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
  const asked = askedByFlag(rest.text);
  if (asked !== null) return { command: asked };
  const read = onlyForItsVerb(readFlags(rest.text, rest.code), rest.text);
  if (read.ok) return commandOf(read, typed);
  const verb = verbIn(/\S+/u.exec(rest.text)?.[0] ?? "");
  if (read.mistake.isUnknown === true && verb !== null && verb !== "run" && verb !== "plan") {
    const isWord = verb === "approve" || verb === "reject";
    return {
      ...(isWord ? { kind: "takes-no-flags", verb } : { kind: "wrong-words", verb }),
      line: typed,
    };
  }
  const at = read.mistake.at + rest.offset;
  return { kind: "mistake", line: typed, mistake: { ...read.mistake, at } };
}

/** What every program answers to, also behind a verb. */
function askedByFlag(text: string): Command | null {
  const [, word = "", flag = ""] = /^\s*(?:(\w+)\s+)?(--help|-h|--version)\s*$/iu.exec(text) ?? [];
  if (flag === "" || (word !== "" && verbOf(word) === null)) return null;
  return { verb: flag.toLowerCase() === "--version" ? "version" : "help" };
}

/** Whoever asks what would be must not have it begun, nor have all begun who asks for a part. */
function onlyForItsVerb(read: LineReading, text: string): LineReading {
  if (!read.ok) return read;
  const verb = verbIn(read.words[0] ?? "");
  if (read.flags.whatIfUsd !== undefined && verb !== "replay")
    return belongs("replay", { flag: "what-if", text, expected: "RUN --what-if budget=5" });
  if (read.failedOnly && (verb === null || verb === "run" || verb === "plan"))
    return belongs("retry", { flag: "failed", text, expected: "--failed" });
  return read;
}

function belongs(
  verb: Verb,
  { flag, text, expected }: { flag: string; text: string; expected: string },
): LineReading {
  const mistake = {
    what: `\`--${flag}\` belongs to \`${verb}\``,
    at: Math.max(0, text.search(new RegExp(`\\S*${flag}`, "iu"))),
    expected: `\`/workflow ${verb} ${expected}\``,
  };
  return { ok: false, mistake };
}

/** A verb, also where a comma or a colon stands behind it; a question is none. */
const verbIn = (word: string): Verb | null => verbOf(word.replace(/[.,:;!]+$/u, ""));

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
  const verb = verbIn(first);
  if (verb === "run" || verb === "plan") return { command: task(verb, others, read) };
  if (verb === "approve" || verb === "reject") return wordOn(verb, others, { read, line });
  if (verb !== null) {
    const command = readArguments(verb, others, read);
    return command === null ? { kind: "wrong-words", verb, line } : { command };
  }
  const run = task("run", read.words, read);
  return { command: unknownWord(first, others, run) ?? run };
}

function emptyOrFlags(read: LineRead): Command {
  return read.any ? task("run", [], read) : { verb: "empty", after: null };
}

/** `--dry-run` asks for the plan alone. */
function task(verb: Task["verb"], words: readonly string[], { flags, dryRun }: LineRead): Task {
  return { verb: dryRun ? "plan" : verb, words, task: words.join(" "), flags };
}

/** What hashes and ids look like: one that is mistyped must not pass as words on another plan or question. */
const idShape = /^(?:q-[0-9a-z]+|[0-9a-f]{6,64})$/u;

/** A flag would loosen or narrow what is approved; an approval is for what is shown, or it is none. */
function wordOn(
  verb: "approve" | "reject",
  words: readonly string[],
  { read, line }: { read: LineRead; line: string },
): { command: Command } | LineProblem {
  if (read.any) return { kind: "takes-no-flags", verb, line };
  const [first = "", ...others] = words;
  const hasId = idShape.test(plainId(first));
  const id = hasId ? plainId(first) : null;
  return { command: { verb, id, comment: (hasId ? others : words).join(" ") } };
}

/**
 * A single odd word is likelier a slip than a task, and so is a near miss with little behind it, or another word for what
 * stops a run; unless it is the name of a workflow, which those know who know the repository: for them the run that it would
 * be is kept.
 */
function unknownWord(typed: string, behind: readonly string[], run: Task): Command | null {
  const word = typed.toLowerCase().replace(/[.,:;!?]+$/u, "");
  if (reservedWords.includes(word)) return { verb: "unknown", word, suggestion: null, run: null };
  const meant = verbOf(word) ?? otherWordFor(word, behind) ?? misspelt(word, behind.length);
  return meant === null ? null : { verb: "unknown", word, suggestion: meant, run };
}

const LITTLE = 2;

function otherWordFor(word: string, behind: readonly string[]): Verb | null {
  const meant = meantBy(word);
  if (meant === null || behind.length === 0) return meant;
  // What was to be stopped must not be begun a second time.
  const isLittle = verbs[meant].effect === "stops" && behind.length <= LITTLE;
  const areIds = behind.every((each) => idShape.test(plainId(each)) || isRunId(each));
  return isLittle || areIds ? meant : null;
}

/** Short words are near to one another, long ones are not by chance. */
function misspelt(word: string, wordsBehind: number): Verb | null {
  if (wordsBehind === 0) return nearest(word, allVerbs, 2);
  return wordsBehind <= (word.length > 4 ? LITTLE : 1) ? nearest(word, allVerbs, 1) : null;
}
