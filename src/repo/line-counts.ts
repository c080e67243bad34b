// How much differs between two commits, file by file, from their trees: for limits, without the texts themselves.

import { git } from "./git.ts";
import type { Oid } from "./git-data.ts";

/** One path that differs; a moved file is two of them, without lines where only its name changed. */
export interface LineCount {
  path: string;
  /** It was not there before. */
  isNew: boolean;
  /** It is not there any more. */
  isGone: boolean;
  /** Null: it is binary, and has no lines that could be counted. */
  lines: { added: number; removed: number } | null;
}

const FLAGS = ["-r", "-z", "--raw", "--numstat", "--no-renames"];
const SAFE = ["--no-ext-diff", "--no-textconv", "--no-commit-id"];

export async function lineCounts(
  gitDir: string,
  { from, to }: { from: Oid; to: Oid },
): Promise<LineCount[]> {
  const { stdout } = await git(["diff-tree", ...FLAGS, ...SAFE, from, to, "--"], { gitDir });
  return parseCounts(stdout.toString("utf8"));
}

/** First `:<mode> <mode> <oid> <oid> <letter> NUL <path> NUL` for each path, then its numbers for each, in the same order. */
function parseCounts(output: string): LineCount[] {
  const records = output.split("\0").slice(0, -1);
  const paths = records.findIndex((record, at) => at % 2 === 0 && !record.startsWith(":"));
  const raw = paths < 0 ? records : records.slice(0, paths);
  const counts = records.slice(raw.length);
  if (raw.length !== 2 * counts.length)
    throw new Error(`git told ${counts.length} numbers for ${raw.length / 2} paths.`);
  const found = counts.map((record, at) => countOf(record, raw.slice(2 * at, 2 * at + 2)));
  const gone = new Set(found.flatMap(({ isGone, before }) => (isGone ? [before] : [])));
  const made = new Set(found.flatMap(({ isNew, after }) => (isNew ? [after] : [])));
  return found.map(({ before, after, ...count }) => {
    const isMoved = (count.isNew && gone.has(after)) || (count.isGone && made.has(before));
    return isMoved ? { ...count, lines: { added: 0, removed: 0 } } : count;
  });
}

/** `before` and `after` are what stood and stands there. */
function countOf(
  numbers: string,
  [facts = "", path = ""]: readonly string[],
): LineCount & { before: Oid; after: Oid } {
  const [added = "", removed = ""] = numbers.split("\t", 2);
  const lines = added === "-" ? null : { added: Number(added), removed: Number(removed) };
  const [, , before = "", after = "", letter] = facts.split(" ");
  return { path, isNew: letter === "A", isGone: letter === "D", lines, before, after };
}
