// A patch as rows: each line with its number on both sides, so that threads can be hung under the line they are about.

import parseDiff from "parse-diff";

import type { RawDiff } from "./git.ts";

export interface FileDiff {
  path: string;
  /** Another path before, when the file was renamed. */
  previousPath: string | null;
  status: "added" | "removed" | "renamed" | "modified";
  additions: number;
  deletions: number;
  /** Empty for binary files and pure renames. */
  rows: readonly Row[];
  binary: boolean;
}

export type Row =
  | { kind: "hunk"; text: string }
  | { kind: "added"; text: string; left: null; right: number }
  | { kind: "removed"; text: string; left: number; right: null }
  | { kind: "context"; text: string; left: number; right: number }
  | { kind: "note"; text: string };

/** Names come from git's NUL-separated list, never from the patch, where odd ones are quoted. */
export function fileDiffs({ files, patch }: RawDiff): FileDiff[] {
  // Only a line feed starts a line of a patch, and a line of a file never starts with "diff".
  const parts = patch.split(/(?<=\n)(?=diff --git )/);
  return files.map(({ status, from, to }) => {
    // A file that became a link, or the other way round, is taken away and added.
    const own = parts.splice(0, status === "T" ? 2 : 1);
    const rows = own.flatMap(rowsOf);
    return {
      path: to,
      previousPath: from === to ? null : from,
      status: statusOf(status),
      additions: rows.filter(({ kind }) => kind === "added").length,
      deletions: rows.filter(({ kind }) => kind === "removed").length,
      rows,
      binary: own.some((part) => /\nBinary files /.test(part)),
    };
  });
}

function statusOf(letter: string): FileDiff["status"] {
  if (letter === "A") return "added";
  if (letter === "D") return "removed";
  return letter === "R" ? "renamed" : "modified";
}

function rowsOf(part: string): Row[] {
  const start = part.indexOf("\n@@ ");
  if (start === -1) return [];
  // Names are left out: the parser only needs the hunks.
  const hunks = parseDiff(`--- a/file\n+++ b/file${part.slice(start)}`)[0]?.chunks ?? [];
  return hunks.flatMap(({ content, changes }) => [
    { kind: "hunk" as const, text: content },
    ...changes.map(toRow),
  ]);
}

function toRow(change: parseDiff.Change): Row {
  const text = change.content.slice(1);
  if (change.content.startsWith("\\")) return { kind: "note", text: text.trim() };
  if (change.type === "add") return { kind: "added", text, left: null, right: change.ln };
  if (change.type === "del") return { kind: "removed", text, left: change.ln, right: null };
  return { kind: "context", text, left: change.ln1, right: change.ln2 };
}

/** The rows of a hunk GitHub keeps with a review comment: the last few lines before the one it is about. */
export function hunkRows(diffHunk: string): Row[] {
  const rows = rowsOf(`\n${diffHunk}`);
  return rows.filter(({ kind }) => kind !== "hunk").slice(-4);
}
