// What differs between two commits: files with their patches, and the lines of a patch that a comment may stand on.

import { git } from "./git.ts";
import type { Side } from "./review-state.ts";

const emptyTree = "4b825dc642cb6eb9a060e54bf8d69288fbee4904";
/** GitHub shows no patch of a file beyond these. */
const patchLines = 20_000;
const patchCharacters = 500_000;

export interface FileChange {
  path: string;
  previousPath: string | null;
  status: "added" | "removed" | "modified" | "renamed" | "copied" | "changed";
  additions: number;
  deletions: number;
  /** Of the new content; of the old one when the file was removed. */
  blob: string;
  /** From the first `@@`; null for binary files, pure renames and what is too large. */
  patch: string | null;
}

const options = [
  "--no-ext-diff",
  "--no-textconv",
  "--no-color",
  "--find-renames",
  "--full-index",
  "--src-prefix=a/",
  "--dst-prefix=b/",
];

/** `from` null: against nothing, as for a first commit. */
export async function changesBetween(
  gitDir: string,
  from: string | null,
  to: string,
): Promise<FileChange[]> {
  const ends = [from ?? emptyTree, to, "--"];
  const raw = toEntries(await git(gitDir, ["diff", "--raw", "-z", ...options, ...ends]));
  const patch = await git(gitDir, ["diff", "--patch", ...options, ...ends]);
  const parts = patch.split(/^(?=diff --git )/m).filter((part) => part !== "");
  let next = 0;
  return raw.map((entry) => {
    // Git writes a change of type as a removal and an addition.
    const length = entry.letter === "T" ? 2 : 1;
    const part = parts.slice(next, next + length).join("");
    next += length;
    return toChange(entry, part);
  });
}

/** The whole diff as text, as `application/vnd.github.diff` answers it. */
export const diffText = (gitDir: string, from: string | null, to: string): Promise<string> =>
  git(gitDir, ["diff", "--patch", ...options, from ?? emptyTree, to, "--"]);

interface RawEntry {
  letter: string;
  oldBlob: string;
  newBlob: string;
  from: string;
  to: string;
}

function toEntries(raw: string): RawEntry[] {
  const rest = raw.split("\0");
  const entries: RawEntry[] = [];
  for (let head = rest.shift(); head; head = rest.shift()) {
    const [, , oldBlob = "", newBlob = "", status = ""] = head.split(" ");
    const from = rest.shift() ?? "";
    const letter = status.charAt(0);
    const to = letter === "R" || letter === "C" ? (rest.shift() ?? from) : from;
    entries.push({ letter, oldBlob, newBlob, from, to });
  }
  return entries;
}

function toChange(entry: RawEntry, part: string): FileChange {
  const start = part.search(/^@@ /m);
  const patch = start === -1 ? null : part.slice(start).replace(/\n$/, "");
  const rows = patch === null ? [] : rowsOf(patch);
  const tooLarge = rows.length > patchLines || (patch?.length ?? 0) > patchCharacters;
  return {
    path: entry.to,
    previousPath: entry.from === entry.to ? null : entry.from,
    status: statusOf(entry.letter),
    additions: rows.filter(({ left, right }) => left === null && right !== null).length,
    deletions: rows.filter(({ left, right }) => left !== null && right === null).length,
    blob: entry.letter === "D" ? entry.oldBlob : entry.newBlob,
    patch: tooLarge ? null : patch,
  };
}

const statuses: Readonly<Record<string, FileChange["status"]>> = {
  A: "added",
  D: "removed",
  R: "renamed",
  C: "copied",
  T: "changed",
};

const statusOf = (letter: string): FileChange["status"] => statuses[letter] ?? "modified";

/** One line of a patch; `position` counts lines from the first `@@`, as GitHub's old API did. */
export interface PatchRow {
  left: number | null;
  right: number | null;
  position: number;
  hunk: number;
  text: string;
}

/** The lines of a patch that stand for lines of the file; hunk headers and notes are left out. */
export function rowsOf(patch: string): PatchRow[] {
  const rows: PatchRow[] = [];
  let left = 0;
  let right = 0;
  let hunk = -1;
  for (const [position, text] of patch.split("\n").entries()) {
    const header = /^@@ -(\d+)(?:,\d+)? \+(\d+)(?:,\d+)? @@/.exec(text);
    if (header !== null) {
      [left, right, hunk] = [Number(header[1]), Number(header[2]), hunk + 1];
    } else if (text.startsWith("+")) {
      rows.push({ left: null, right: right++, position, hunk, text });
    } else if (text.startsWith("-")) {
      rows.push({ left: left++, right: null, position, hunk, text });
    } else if (text.startsWith(" ")) {
      rows.push({ left: left++, right: right++, position, hunk, text });
    }
  }
  return rows;
}

/** The row a comment on this line would stand under; null when the line is not in the diff. */
export function rowAt(
  rows: readonly PatchRow[],
  { side, line }: { side: Side; line: number },
): PatchRow | null {
  return rows.find((row) => (side === "LEFT" ? row.left : row.right) === line) ?? null;
}

/** The hunk from its header down to this row, as GitHub quotes it above a comment. */
export function hunkUpTo(patch: string, row: PatchRow): string {
  const lines = patch.split("\n").slice(0, row.position + 1);
  const start = lines.findLastIndex((line) => line.startsWith("@@ "));
  return lines.slice(start).join("\n");
}

/** Where a line of one version of a file stands in another; null when it was changed or removed. */
export async function followLine(
  gitDir: string,
  place: { from: string; to: string; path: string; line: number },
): Promise<number | null> {
  const ends = [place.from, place.to, "--", `:(literal)${place.path}`];
  const patch = await git(gitDir, [
    "diff",
    "--patch",
    "--unified=0",
    "--no-renames",
    ...options.slice(0, 3),
    ...ends,
  ]);
  if (/^deleted file/m.test(patch)) return null;
  let shift = 0;
  for (const found of patch.matchAll(/^@@ -(\d+)(?:,(\d+))? \+\d+(?:,(\d+))? @@/gm)) {
    const start = Number(found[1]);
    const removed = found[2] === undefined ? 1 : Number(found[2]);
    const added = found[3] === undefined ? 1 : Number(found[3]);
    // An insertion is said to start at the line it follows.
    const first = removed === 0 ? start + 1 : start;
    if (place.line < first) break;
    if (place.line < first + removed) return null;
    shift += added - removed;
  }
  return place.line + shift;
}
