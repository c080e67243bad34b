// Reads a bare repository for the pages: trees, files, commits, branches and diffs, each with a limit.

import { execFile } from "node:child_process";
import { promisify } from "node:util";

const run = promisify(execFile);

const outputBytes = 8_000_000;
const runMs = 15_000;
/** Larger files are named, not shown. */
export const shownFileBytes = 512_000;
export const commitsPerPage = 100;

async function git(gitDir: string, ...args: readonly string[]): Promise<string> {
  const { stdout } = await run(
    "git",
    ["--git-dir", gitDir, "-c", "core.quotePath=false", ...args],
    {
      maxBuffer: outputBytes,
      timeout: runMs,
      encoding: "utf8",
      env: { PATH: process.env["PATH"], LC_ALL: "C.UTF-8", GIT_CONFIG_NOSYSTEM: "1" },
    },
  );
  return stdout;
}

/** Null where git says no: no such commit, path or branch. */
async function tryGit(gitDir: string, ...args: readonly string[]): Promise<string | null> {
  try {
    return await git(gitDir, ...args);
  } catch (error) {
    if (error instanceof Error && "code" in error && typeof error.code === "number") return null;
    throw error;
  }
}

/** The full name of a commit for a branch, tag or (abbreviated) hash. */
export async function commitOf(gitDir: string, ref: string): Promise<string | null> {
  for (const name of [`refs/heads/${ref}`, `refs/tags/${ref}`, ref]) {
    const found = await tryGit(
      gitDir,
      "rev-parse",
      "--verify",
      "--quiet",
      "--end-of-options",
      `${name}^{commit}`,
    );
    if (found !== null) return found.trim();
  }
  return null;
}

export interface Entry {
  name: string;
  path: string;
  kind: "tree" | "blob" | "commit";
  bytes: number | null;
}

/** What a folder holds, folders first; null when there is no such folder. */
export async function entriesOf(
  gitDir: string,
  sha: string,
  folder: string,
): Promise<Entry[] | null> {
  const treeish = `${sha}:${folder}`;
  const listed = await tryGit(gitDir, "ls-tree", "-z", "--long", "--end-of-options", treeish);
  if (listed === null) return null;
  const entries = fields(listed).map((line) => toEntry(line, folder));
  return entries.sort((a, b) => Number(b.kind === "tree") - Number(a.kind === "tree"));
}

function toEntry(line: string, folder: string): Entry {
  const tab = line.indexOf("\t");
  const [, kind = "", , size = "-"] = line.slice(0, tab).split(/ +/);
  const name = line.slice(tab + 1);
  return {
    name,
    path: folder === "" ? name : `${folder}/${name}`,
    kind: kind === "tree" || kind === "commit" ? kind : "blob",
    bytes: size === "-" ? null : Number(size),
  };
}

export type FileContent =
  | { kind: "text"; text: string }
  | { kind: "binary"; bytes: number }
  | { kind: "large"; bytes: number };

/** Null when there is no such file. */
export async function fileAt(
  gitDir: string,
  sha: string,
  path: string,
): Promise<FileContent | null> {
  const object = `${sha}:${path}`;
  const type = await tryGit(gitDir, "cat-file", "-t", object);
  if (type?.trim() !== "blob") return null;
  const bytes = Number(await git(gitDir, "cat-file", "-s", object));
  if (bytes > shownFileBytes) return { kind: "large", bytes };
  const text = await git(gitDir, "cat-file", "blob", object);
  return text.includes("\0") ? { kind: "binary", bytes } : { kind: "text", text };
}

export interface Commit {
  sha: string;
  parents: readonly string[];
  author: string;
  at: string;
  subject: string;
  body: string;
}

const commitFormat = "--format=%H%x00%P%x00%an%x00%aI%x00%s%x00%b%x01";

/** The newest first; `range` is a commit or `base..head`. */
export async function commitsIn(gitDir: string, range: string, page = 1): Promise<Commit[]> {
  const skip = `--skip=${(page - 1) * commitsPerPage}`;
  const limit = `--max-count=${commitsPerPage}`;
  const log = await tryGit(
    gitDir,
    "log",
    "-z",
    skip,
    limit,
    commitFormat,
    "--end-of-options",
    range,
    "--",
  );
  return (log ?? "").split("\u0001").flatMap(toCommit);
}

function toCommit(record: string): Commit[] {
  const [sha = "", parents = "", author = "", at = "", subject = "", body = ""] = record
    .replace(/^\0/, "")
    .split("\0");
  if (sha === "") return [];
  return [
    { sha, parents: parents.split(" ").filter(Boolean), author, at, subject, body: body.trim() },
  ];
}

export interface Branch {
  name: string;
  sha: string;
  author: string;
  at: string;
  subject: string;
}

/** The most recently moved first. */
export async function branchesOf(gitDir: string): Promise<Branch[]> {
  const format =
    "--format=%(refname:lstrip=2)%00%(objectname)%00%(authorname)%00%(committerdate:iso-strict)%00%(subject)";
  const listed = await git(gitDir, "for-each-ref", "--sort=-committerdate", format, "refs/heads");
  return listed
    .split("\n")
    .filter(Boolean)
    .map((line) => {
      const [name = "", sha = "", author = "", at = "", subject = ""] = line.split("\0");
      return { name, sha, author, at, subject };
    });
}

/** How far a commit is from another on each side; null where one of them is not there. */
export async function distance(
  gitDir: string,
  base: string,
  head: string,
): Promise<{ ahead: number; behind: number } | null> {
  const counts = await tryGit(
    gitDir,
    "rev-list",
    "--left-right",
    "--count",
    "--end-of-options",
    `${base}...${head}`,
    "--",
  );
  if (counts === null) return null;
  const [behind = 0, ahead = 0] = counts.trim().split("\t").map(Number);
  return { ahead, behind };
}

/** Where `head` left `base`, as a pull request counts it. */
export async function mergeBase(
  gitDir: string,
  base: string,
  head: string,
): Promise<string | null> {
  const found = await tryGit(gitDir, "merge-base", "--end-of-options", base, head);
  return found === null ? null : found.trim();
}

export interface RawDiff {
  /** One for each file, in the order of the patch. */
  files: readonly { status: string; from: string; to: string }[];
  patch: string;
}

/** From one tree to another; `from` null compares with nothing, as for a first commit. */
export async function rawDiff(gitDir: string, from: string | null, to: string): Promise<RawDiff> {
  const emptyTree = "4b825dc642cb6eb9a060e54bf8d69288fbee4904";
  const options = ["--no-ext-diff", "--no-textconv", "--find-renames", "--no-color"];
  const range = ["--end-of-options", from ?? emptyTree, to, "--"];
  const names = fields(await git(gitDir, "diff", "--name-status", "-z", ...options, ...range));
  const patch = await git(gitDir, "diff", "--patch", ...options, ...range);
  return { files: toFiles(names), patch };
}

function toFiles(names: readonly string[]): RawDiff["files"] {
  const files: { status: string; from: string; to: string }[] = [];
  const rest = [...names];
  for (let status = rest.shift(); status !== undefined; status = rest.shift()) {
    const from = rest.shift() ?? "";
    const to = /^[RC]/.test(status) ? (rest.shift() ?? from) : from;
    files.push({ status: status.charAt(0), from, to });
  }
  return files;
}

const fields = (text: string): string[] => text.split("\0").filter((field) => field !== "");
