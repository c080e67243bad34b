// What is wrong with a script, and where: in the author's own lines and columns, from 1.

/** A reason why a script does not run. */
export interface Problem {
  message: string;
  line: number;
  column: number;
}

/** Something people should know before they approve a script; it runs all the same. */
export type Note = Problem;

interface Location {
  start: { line: number; column: number };
}

/** A problem at a node of the syntax tree, whose columns count from 0. */
export function problemAt(place: Location | null | undefined, message: string): Problem {
  const { line, column } = place?.start ?? { line: 1, column: 0 };
  return { message, line, column: column + 1 };
}

/** A problem at an offset of the text. */
export function problemAtOffset(source: string, offset: number, message: string): Problem {
  const before = source.slice(0, offset);
  const lines = before.split(/\r\n|[\n\r\u2028\u2029]/);
  return { message, line: lines.length, column: (lines.at(-1) ?? "").length + 1 };
}

const BEFORE_CARET = 60;
const LINE_CHARS = 100;

/** The problem with its line of code and a caret under the column, as plain text. */
export function renderProblem(source: string, problem: Problem): string {
  const { line, column, message } = problem;
  const text = source.split(/\r\n|[\n\r\u2028\u2029]/)[line - 1] ?? "";
  const from = Math.max(0, column - 1 - BEFORE_CARET);
  const shown = visible(text.slice(from, from + LINE_CHARS));
  const indent = visible(text.slice(from, column - 1)).replace(/[^\t]/gu, " ");
  const gutter = String(line);
  return [
    `Line ${line}, column ${column}: ${message}`,
    "",
    `${gutter} | ${shown}`,
    `${" ".repeat(gutter.length)} | ${indent}^`,
  ].join("\n");
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
