// Reads and edits files through the tools on offer, as a play.

import { call, type Play, type ToolAnswer } from "./play.ts";

const PAGES_AT_MOST = 8;
const LINE_CUT = /\[Cut: \d+ more characters in this line\.\]$/;
const NUMBERED = /^\s*(\d+)\t(.*)$/s;

/** A file as far as it could be read; `whole` is false when the tool cut it and would not go on. */
export type FileRead =
  | { path: string; ok: true; text: string; whole: boolean }
  | { path: string; ok: false; why: string };

/** Every path of the repository, or null when the tool is not there. */
export function* listPaths(): Play<string[] | null> {
  const answer = yield* call("list_files", {});
  if (answer.isError) return null;
  return answer.text
    .split("\n")
    .map((line) => line.trimEnd())
    .filter((line) => line !== "" && !line.startsWith("[Cut:"));
}

/** Reads files side by side; those that the tool cut are read on together, page after page. */
export function* readFiles(paths: readonly string[]): Play<FileRead[]> {
  let readings = paths.map((path): Reading => ({
    path,
    lines: [],
    state: "cut",
    why: "",
    damaged: false,
  }));
  for (let page = 1; page <= PAGES_AT_MOST; page++) {
    const open = readings.filter(({ state }) => state === "cut");
    if (open.length === 0) break;
    const answers = yield open.map(({ path, lines }) => ({
      name: "read_file",
      input: lines.length === 0 ? { path } : { path, from_line: lines.length + 1 },
    }));
    const next = new Map(open.map((reading, index) => [reading, readOn(reading, answers[index])]));
    readings = readings.map((reading) => next.get(reading) ?? reading);
  }
  return readings.map(({ path, lines, state, why, damaged }): FileRead =>
    state === "failed"
      ? { path, ok: false, why }
      : { path, ok: true, text: lines.join("\n"), whole: state === "whole" && !damaged },
  );
}

/** A file on its way in; `damaged` when the tool cut into a line. */
interface Reading {
  path: string;
  lines: readonly string[];
  state: "cut" | "whole" | "stuck" | "failed";
  why: string;
  damaged: boolean;
}

function readOn(reading: Reading, answer: ToolAnswer | undefined): Reading {
  const { lines } = reading;
  if (!answer || answer.isError) {
    if (lines.length === 0)
      return { ...reading, state: "failed", why: answer?.text ?? "There was no answer." };
    // There is no line there: what followed the last one was a remark, not a cut.
    return { ...reading, state: "whole" };
  }
  const page = pageOf(answer.text);
  if (lines.length > 0 && page.first !== lines.length + 1) return { ...reading, state: "stuck" };
  return {
    ...reading,
    lines: [...lines, ...page.lines],
    state: page.noticed ? "cut" : "whole",
    damaged: reading.damaged || page.cutInLine,
  };
}

interface Page {
  first: number;
  lines: string[];
  /** Something that is no numbered line stands at the end: a remark of the tool, perhaps that it cut. */
  noticed: boolean;
  cutInLine: boolean;
}

function pageOf(text: string): Page {
  const rows = text.split("\n");
  const numbered = rows.map((row) => NUMBERED.exec(row));
  const lines = numbered.flatMap((row) => (row ? [row[2] ?? ""] : []));
  const after = rows.slice(numbered.findLastIndex((row) => row !== null) + 1);
  return {
    first: Number(numbered.find((row) => row !== null)?.[1] ?? 0),
    lines,
    noticed: lines.length > 0 && after.some((row) => row.trim() !== ""),
    cutInLine: lines.some((line) => LINE_CUT.test(line)),
  };
}

/** A stretch of whole lines and what stands there instead. */
export interface LineEdit {
  /** From 1, both included. */
  from: number;
  to: number;
  lines: readonly string[];
}

export interface Edited {
  made: LineEdit[];
  failed: { edit: LineEdit; why: string }[];
}

/** Makes edits of one file from the bottom up, so that line numbers stay true. */
export function* editLines(path: string, text: string, edits: readonly LineEdit[]): Play<Edited> {
  const done: Edited = { made: [], failed: [] };
  let current = text.split("\n");
  for (const edit of edits.toSorted((a, b) => b.from - a.from)) {
    const widened = unique(current, edit);
    const why = yield* replaceOnce(path, { current, edit: widened });
    if (why !== null) {
      done.failed.push({ edit, why });
      continue;
    }
    done.made.unshift(edit);
    current = [...current.slice(0, edit.from - 1), ...edit.lines, ...current.slice(edit.to)];
  }
  return done;
}

function* replaceOnce(
  path: string,
  { current, edit }: { current: readonly string[]; edit: LineEdit },
): Play<string | null> {
  const old = current.slice(edit.from - 1, edit.to);
  const input = (end: string) => ({ path, find: old.join(end), replace: edit.lines.join(end) });
  const answer = yield* call("edit_file", input("\n"));
  if (!answer.isError) return null;
  if (old.length === 1 && edit.lines.length === 1) return answer.text;
  // The file may end its lines with CRLF, which line numbers do not show.
  const again = yield* call("edit_file", input("\r\n"));
  return again.isError ? again.text : null;
}

/** Takes in neighbouring lines until the stretch occurs only once. */
function unique(lines: readonly string[], edit: LineEdit): LineEdit {
  const text = lines.join("\n");
  let { from, to } = edit;
  // Lines are given without their ends: to take one away with its end, a neighbour must be named too.
  if (edit.lines.length === 0 && to < lines.length) to++;
  else if (edit.lines.length === 0 && from > 1) from--;
  const occursAgain = (): boolean => {
    const piece = lines.slice(from - 1, to).join("\n");
    return piece.trim() === "" || text.indexOf(piece) !== text.lastIndexOf(piece);
  };
  for (let step = 0; occursAgain() && (from > 1 || to < lines.length); step++)
    if (from > 1 && (step % 2 === 0 || to >= lines.length)) from--;
    else to++;
  const above = lines.slice(from - 1, edit.from - 1);
  const below = lines.slice(edit.to, to);
  return { from, to, lines: [...above, ...edit.lines, ...below] };
}
