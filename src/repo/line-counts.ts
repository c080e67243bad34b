// How much differs between two commits, file by file, from their trees: for limits, without the texts themselves.

import { git } from "./git.ts";
import type { Oid } from "./git-data.ts";

/** One path that differs; a moved file is two of them. */
export interface LineCount {
  path: string;
  /** It was not there before. */
  isNew: boolean;
  /** It is not there any more. */
  isGone: boolean;
  /** Null: it is binary, and has no lines. */
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
  return counts.map((record, at) => {
    const [added = "", removed = ""] = record.split("\t", 2);
    const lines = added === "-" ? null : { added: Number(added), removed: Number(removed) };
    const letter = (raw[2 * at] ?? "").at(-1);
    const path = raw[2 * at + 1] ?? "";
    return { path, isNew: letter === "A", isGone: letter === "D", lines };
  });
}
