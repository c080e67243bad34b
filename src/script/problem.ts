// What is wrong with a script, and where: in the author's own lines and columns, from 1.

/** A reason why a script does not run. */
export interface Problem {
  /** What is wrong, one sentence without its full stop where help follows. */
  message: string;
  /** What to do about it. */
  help?: string;
  line: number;
  column: number;
  /** Characters it spans on its line, where more than one. */
  length?: number;
}

/** Something people should know before they approve a script; it runs all the same. */
export type Note = Problem;

/** What is wrong and what to do, before it has a place. */
export interface Refusal {
  message: string;
  help?: string;
}

interface Position {
  line: number;
  column: number;
}

/** Where something stands: lines from 1, columns from 0. */
export interface Location {
  start: Position;
  end?: Position;
}

/** A problem at a node of the syntax tree, whose columns count from 0. */
export function problemAt(place: Location | null | undefined, refusal: string | Refusal): Problem {
  const { line, column } = place?.start ?? { line: 1, column: 0 };
  const length = place?.end?.line === line ? place.end.column - column : 0;
  const said = typeof refusal === "string" ? { message: refusal } : refusal;
  return { ...said, line, column: column + 1, ...(length > 1 ? { length } : {}) };
}

/** A problem at an offset of the text. */
export function problemAtOffset(
  source: string,
  offset: number,
  refusal: string | Refusal,
): Problem {
  const before = source.slice(0, offset);
  const lines = before.split(LINE_END);
  const column = (lines.at(-1) ?? "").length;
  return problemAt({ start: { line: lines.length, column } }, refusal);
}

const LINE_END = /\r\n|[\n\r\u2028\u2029]/;
const BEFORE_CARET = 60;
const LINE_CHARS = 100;

/** Message and help as one text. */
export function sentenceOf({ message, help }: Refusal): string {
  return help === undefined ? message : `${message}: ${help}`;
}

/** The problem with its line of code and a caret under the column, as plain text. */
export function renderProblem(source: string, problem: Problem): string {
  const { line, column } = problem;
  const { text, mark } = frameOf(source, { ...problem, length: 1 });
  const gutter = String(line);
  return [
    `Line ${line}, column ${column}: ${sentenceOf(problem)}`,
    "",
    `${gutter} | ${text}`,
    `${" ".repeat(gutter.length)} | ${mark}`,
  ].join("\n");
}

/** A piece of the problem's line, and carets under what it is about. */
export function frameOf(source: string, problem: Problem): { text: string; mark: string } {
  const { line, column, length = 1 } = problem;
  const whole = source.split(LINE_END)[line - 1] ?? "";
  const from = Math.max(0, column - 1 - BEFORE_CARET);
  const text = visible(whole.slice(from, from + LINE_CHARS));
  const indent = visible(whole.slice(from, column - 1)).replace(/[^\t]/gu, " ");
  const room = Math.max(1, text.length - indent.length);
  return { text, mark: indent + "^".repeat(Math.min(length, room)) };
}

function visible(text: string): string {
  return text.replace(hiddenCharacters, "\u{fffd}");
}

/**
 * Characters that hide text from the person who approves it: control characters but for tab and line ends,
 * direction marks, zero-width spaces and tags. The joiners inside emoji are not among them.
 */
export const hiddenCharacters =
  // oxlint-disable-next-line no-control-regex -- control characters are what this looks for
  /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060\u2066-\u2069\ufeff\ufff9-\ufffb\u{e0000}-\u{e007f}]/gu;
