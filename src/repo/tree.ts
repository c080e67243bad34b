// Reads trees: what stands where in a commit.

import { git } from "./git.ts";
import type { Oid, TreeEntry } from "./git-data.ts";

const TREE_TIMEOUT_MS = 120_000;

/** Every entry of a commit, sorted by path as git sorts it (by bytes). */
export async function listTree(gitDir: string, commit: Oid): Promise<TreeEntry[]> {
  const { stdout } = await git(["ls-tree", "-r", "-z", "-l", "--full-tree", commit], {
    gitDir,
    timeoutMs: TREE_TIMEOUT_MS,
  });
  return records(stdout.toString("utf8")).map(parseEntry);
}

/** `a/b/c` as `a`, `a/b`. */
export function foldersAbove(path: string): string[] {
  const folders: string[] = [];
  for (let at = path.indexOf("/"); at >= 0; at = path.indexOf("/", at + 1)) {
    folders.push(path.slice(0, at));
  }
  return folders;
}

const records = (text: string): string[] => text.split("\0").filter((record) => record !== "");

function parseEntry(record: string): TreeEntry {
  const tab = record.indexOf("\t");
  const [mode, , oid = "", size] = record.slice(0, tab).split(/ +/);
  return {
    path: record.slice(tab + 1),
    mode: knownMode(mode),
    oid,
    size: size === undefined || size === "-" ? null : Number(size),
  };
}

/** Old repositories hold modes such as 100664; git itself treats them as 100644. */
function knownMode(mode: string | undefined): TreeEntry["mode"] {
  return mode === "100755" || mode === "120000" || mode === "160000" ? mode : "100644";
}
