// Where the demo's repository comes from: the sample, or any git repository of this machine.

import { execFile } from "node:child_process";
import { stat } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { promisify } from "node:util";

import { createSampleRepository } from "../local/sample-repository.ts";

export interface SourceRepository {
  /** Folder to import. */
  path: string;
  /** What it is called on the local GitHub. */
  name: string;
  /** Whom people should know they are working on; null for the sample. */
  note: string | null;
}

/** A sentence on why this repository cannot be used; null when it can. */
export async function problemWith({ repo }: { repo?: string }): Promise<string | null> {
  if (repo === undefined) return null;
  const why = await reasonAgainst(resolve(repo));
  return why === null ? null : `--repo ${repo}: ${why}`;
}

/** The repository to import; one that `problemWith` has nothing against. */
export async function sourceRepository(
  { repo }: { repo?: string },
  dataDir: string,
): Promise<SourceRepository> {
  if (repo !== undefined) return repositoryAround(resolve(repo), repo);
  const path = join(dataDir, "sample");
  await createSampleRepository(path);
  return { path, name: "sample", note: null };
}

async function reasonAgainst(dir: string): Promise<string | null> {
  if (!(await isFolder(dir))) return "there is no such folder.";
  const found = await ask(dir, ["rev-parse", "--absolute-git-dir"]);
  if (!found.ok) return unreadable(dir, found.why);
  const format = await ask(dir, ["rev-parse", "--show-object-format"]);
  if (format.ok && format.text !== "sha1") {
    return `the repository names its objects by ${format.text}, which GitHub does not take. Give one that uses SHA-1, git's default.`;
  }
  const head = await ask(dir, ["rev-parse", "--verify", "--quiet", "HEAD^{commit}"]);
  return head.ok ? null : withoutHead(dir);
}

function unreadable(dir: string, why: string): string {
  const distrusted = /dubious ownership in repository at '(.+)'/.exec(why)?.[1];
  if (distrusted !== undefined) {
    return `git distrusts this folder, since it belongs to somebody else. If you trust it: \`git config --global --add safe.directory '${distrusted}'\`, then try again.`;
  }
  if (/not a git repository/.test(why)) {
    return "there is no git repository. Give the folder of one (`git init` and a first commit make one).";
  }
  return `git cannot read ${dir}: ${why}`;
}

async function withoutHead(dir: string): Promise<string> {
  const head = await ask(dir, ["symbolic-ref", "--short", "HEAD"]);
  const listed = await ask(dir, ["for-each-ref", "--format=%(refname:short)", "refs/heads"]);
  const branches = listed.ok ? listed.text.split("\n").filter((name) => name !== "") : [];
  if (branches.length === 0) {
    return "the repository has no commit yet. Make a first commit, then try again.";
  }
  if (!head.ok || branches.includes(head.text)) {
    return "the commit that HEAD names is missing. `git fsck` there says more.";
  }
  return `HEAD names the branch ${head.text}, which does not exist, while others do: ${branches.slice(0, 3).join(", ")}. Choose one (\`git symbolic-ref HEAD refs/heads/${branches[0]}\`), then try again.`;
}

async function repositoryAround(dir: string, repo: string): Promise<SourceRepository> {
  const top = await ask(dir, ["rev-parse", "--show-toplevel"]);
  // A bare repository has no top; neither has the folder `.git` itself.
  const home = top.ok ? top : await ask(dir, ["rev-parse", "--absolute-git-dir"]);
  const path = home.ok ? home.text : dir;
  const prefix = await ask(dir, ["rev-parse", "--show-prefix"]);
  const shallow = await ask(dir, ["rev-parse", "--is-shallow-repository"]);
  const remarks = [
    ...(prefix.ok && prefix.text !== "" ? [`all of it, not only ${repo}`] : []),
    ...(shallow.ok && shallow.text === "true"
      ? ["a shallow clone: its oldest commits begin the history, so commit ids differ"]
      : []),
  ];
  const note = remarks.length === 0 ? path : `${path} (${remarks.join("; ")})`;
  return { path, name: nameOf(path), note };
}

/** GitHub's limit. */
const NAME_CHARS_MAX = 100;

function nameOf(path: string): string {
  const folder = basename(path) === ".git" ? dirname(path) : path;
  const name = withoutGit(basename(folder))
    .replace(/[^\w.-]+/g, "-")
    .replace(/^[.-]+/, "");
  const short = withoutGit(name.slice(0, NAME_CHARS_MAX));
  return short === "" ? "repository" : short;
}

const withoutGit = (name: string): string => name.replace(/(?:\.git)+$/, "");

type Answer = { ok: true; text: string } | { ok: false; why: string };

/** Asks git as the person would, with that person's settings; only whereabouts come from nowhere but `dir`. */
async function ask(dir: string, args: readonly string[]): Promise<Answer> {
  const env = { ...process.env, LC_ALL: "C", GIT_DIR: undefined, GIT_WORK_TREE: undefined };
  try {
    const { stdout } = await promisify(execFile)("git", ["-C", dir, ...args], { env });
    return { ok: true, text: stdout.replace(/\n$/, "") };
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    if ("code" in error && error.code === "ENOENT") throw missingGit(error);
    return { ok: false, why: "stderr" in error ? String(error.stderr).trim() : error.message };
  }
}

const missingGit = (cause: Error): Error =>
  new Error("git is not installed, or not in PATH. Install it, then try again.", { cause });

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch (error) {
    if (error instanceof Error && "code" in error) return false;
    throw error;
  }
}
