// The difference of two commits as data: what changed by git's own tree diff, lines by its patch.

import parseDiff from "parse-diff";

import { git } from "./git.ts";
import type { DiffLine, FileDiff, Oid } from "./git-data.ts";

const DIFF_BYTES_MAX = 64 * 1024 * 1024;
const FLAGS = ["-r", "-M", "-z", "--raw", "--patch", "--full-index", "--no-color"];
const SAFE = ["--no-ext-diff", "--no-textconv", "--no-commit-id", "--submodule=short"];

interface RawChange {
  letter: string;
  path: string;
  oldPath: string | null;
  oldMode: string;
  newMode: string;
}

/** What turns `from` into `to`, in git's order of paths. Rejects with `GitError` beyond 64 MB of patch. */
export async function diffCommits(
  gitDir: string,
  { from, to }: { from: Oid; to: Oid },
): Promise<FileDiff[]> {
  const { stdout } = await git(["diff-tree", ...FLAGS, ...SAFE, from, to, "--"], {
    gitDir,
    maxBytes: DIFF_BYTES_MAX,
  });
  return parseDiffTree(stdout.toString("utf8"));
}

/** Raw records, an empty record, then one patch per record (two where a file became a link or the like). */
export function parseDiffTree(output: string): FileDiff[] {
  const end = output.indexOf("\0\0");
  if (end < 0) return [];
  const patches = splitPatches(output.slice(end + 2));
  return parseRaw(output.slice(0, end)).map((change) => {
    const own = patches.splice(0, change.letter === "T" ? 2 : 1);
    return fileDiffOf(change, own);
  });
}

function parseRaw(text: string): RawChange[] {
  const fields = text.split("\0");
  const changes: RawChange[] = [];
  while (fields.length > 0) {
    const [oldMode = "", newMode = "", , , status = ""] = (fields.shift() ?? "").split(" ");
    const letter = status.charAt(0);
    const first = fields.shift() ?? "";
    const moved = letter === "R" || letter === "C";
    const path = moved ? (fields.shift() ?? "") : first;
    const oldPath = letter === "R" ? first : null;
    changes.push({ letter, path, oldPath, oldMode: oldMode.slice(1), newMode });
  }
  return changes;
}

/** Lines of files are marked with a blank, `+` or `-`: only a header starts with `diff --git`. */
const splitPatches = (text: string): string[] =>
  text.split(/^(?=diff --git )/m).filter((patch) => patch !== "");

function fileDiffOf(change: RawChange, patches: readonly string[]): FileDiff {
  const files = patches.flatMap((patch) => parseDiff(headless(patch)));
  const hunks = files.flatMap((file) =>
    file.chunks.map((chunk) => ({ header: chunk.content, lines: chunk.changes.flatMap(lineOf) })),
  );
  const lines = hunks.flatMap((hunk) => hunk.lines);
  return {
    path: change.path,
    oldPath: change.oldPath,
    status: statusOf(change.letter),
    modes: { old: modeOrNull(change.oldMode), new: modeOrNull(change.newMode) },
    binary: patches.some((patch) => /^Binary files .* differ$/m.test(headerOf(patch))),
    additions: lines.filter((line) => line.kind === "added").length,
    deletions: lines.filter((line) => line.kind === "removed").length,
    hunks,
  };
}

const headerOf = (patch: string): string => patch.split(/^@@ /m, 1)[0] ?? "";

/** Names come from the raw records; those of the patch are quoted, and are left out. */
const headless = (patch: string): string =>
  `diff --git a/file b/file\n${patch.slice(headerOf(patch).length)}`;

const modeOrNull = (mode: string): string | null => (mode === "000000" ? null : mode);

function statusOf(letter: string): FileDiff["status"] {
  switch (letter) {
    case "A":
    case "C":
      return "added";
    case "D":
      return "removed";
    case "R":
      return "renamed";
    default:
      return "modified";
  }
}

function lineOf(change: parseDiff.Change): DiffLine[] {
  // The parser repeats the line before as a line of its own for this remark of git's.
  if (change.content.startsWith("\\ ")) return [];
  const text = change.content.slice(1);
  if (change.type === "add") return [{ kind: "added", oldLine: null, newLine: change.ln, text }];
  if (change.type === "del") return [{ kind: "removed", oldLine: change.ln, newLine: null, text }];
  return [{ kind: "context", oldLine: change.ln1, newLine: change.ln2, text }];
}
