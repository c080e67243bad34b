// The lines of a file as pieces: stretches that the base had, and stretches that a step made. Texts are not needed. Pure.

import type { FileDiff } from "./git-data.ts";

/** A stretch of lines; one of the base may have no end. */
type Piece =
  | { step: number; lines: number }
  | { step: null; path: string; start: number; lines: number };

/** A file's lines and who made them. */
export interface Lines {
  readonly pieces: readonly Piece[];
  /** The step that made a line, from 1; null for one that was there before all of them. */
  ownerOf(line: number): number | null;
}

/** A file as the base has it. */
export const untouched = (path: string): Lines =>
  linesOf([{ step: null, path, start: 1, lines: Infinity }]);

/** Null: no lines. */
export function linesOf(pieces: readonly Piece[] | null): Lines {
  const all = pieces ?? [];
  const ends: number[] = [];
  for (const { lines } of all) ends.push((ends.at(-1) ?? 0) + lines);
  return {
    pieces: all,
    ownerOf: (line) => all[ends.findIndex((end) => line <= end)]?.step ?? null,
  };
}

/** What one step made of the lines, and which of the base's it took away. */
export interface Followed {
  rest: Lines;
  taken: { path: string; line: number }[];
}

/** Applies a step's hunks, whose lines before the step are these. */
export function follow(lines: Lines, hunks: FileDiff["hunks"], step: number): Followed {
  const source = reader(lines.pieces);
  const made: Piece[] = [];
  const taken: Followed["taken"] = [];
  for (const { kind, oldLine } of hunks.flatMap((hunk) => hunk.lines)) {
    if (oldLine !== null) for (const piece of source.upTo(oldLine)) add(made, piece);
    if (kind === "added") add(made, { step, lines: 1 });
    if (kind === "removed") for (const piece of source.next()) take(taken, piece);
    if (kind === "context") for (const piece of source.next()) add(made, piece);
  }
  for (const piece of source.upTo(Infinity)) add(made, piece);
  return { rest: linesOf(made), taken };
}

function take(taken: Followed["taken"], piece: Piece): void {
  if (piece.step === null) taken.push({ path: piece.path, line: piece.start });
}

/** Reads pieces from the first line on. */
function reader(pieces: readonly Piece[]): { upTo(line: number): Piece[]; next(): Piece[] } {
  const rest = [...pieces];
  let at = 1;
  const read = (count: number): Piece[] => {
    const found: Piece[] = [];
    for (let left = count; left > 0;) {
      const first = rest.shift();
      if (first === undefined) break;
      const lines = Math.min(first.lines, left);
      found.push({ ...first, lines });
      if (lines < first.lines) rest.unshift(without(first, lines));
      left -= lines;
    }
    at += count;
    return found;
  };
  return { upTo: (line) => (line > at ? read(line - at) : []), next: () => read(1) };
}

const without = (piece: Piece, lines: number): Piece =>
  piece.step === null
    ? { ...piece, start: piece.start + lines, lines: piece.lines - lines }
    : { ...piece, lines: piece.lines - lines };

/** Stretches that follow on one another become one. */
function add(pieces: Piece[], piece: Piece): void {
  const last = pieces.at(-1);
  if (last !== undefined && last.step === piece.step && goesOn(last, piece)) {
    last.lines += piece.lines;
    return;
  }
  pieces.push({ ...piece });
}

const goesOn = (last: Piece, piece: Piece): boolean =>
  last.step !== null ||
  (piece.step === null && last.path === piece.path && last.start + last.lines === piece.start);
