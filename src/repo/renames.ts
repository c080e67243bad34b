// What files that went are called now, as git sees it: the same text under another name, or half of it at least.

import { git } from "./git.ts";
import type { Oid } from "./git-data.ts";

const FLAGS = ["-r", "-M", "-z", "--name-status", "--diff-filter=R"];
const SAFE = ["--no-ext-diff", "--no-textconv", "--no-commit-id"];

/** New paths by old ones. Of very many files at once, git finds those alone whose text is the same. */
export async function renames(
  gitDir: string,
  { from, to }: { from: Oid; to: Oid },
): Promise<Map<string, string>> {
  const { stdout } = await git(["diff-tree", ...FLAGS, ...SAFE, from, to, "--"], { gitDir });
  const records = stdout.toString("utf8").split("\0").slice(0, -1);
  const found = new Map<string, string>();
  // `R<likeness> NUL <old path> NUL <new path> NUL`
  for (let at = 0; at + 2 < records.length; at += 3)
    found.set(records[at + 1] ?? "", records[at + 2] ?? "");
  return found;
}
