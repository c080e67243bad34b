// Reads and writes trees and blobs of a bare repository.

import { mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";

import { typeOf } from "./commits.ts";
import { Refusal } from "./errors.ts";
import { git, GitFailure, tryGit } from "./git.ts";

export interface TreeEntry {
  path: string;
  mode: string;
  type: "blob" | "tree" | "commit";
  sha: string;
  /** Of blobs only. */
  bytes: number | null;
}

/** `name` is a tree, a commit, a branch or a tag; null when there is none of that name. */
export async function readTree(
  gitDir: string,
  name: string,
  { recursive }: { recursive: boolean },
): Promise<{ sha: string; entries: TreeEntry[] } | null> {
  const object = await resolve(gitDir, name);
  // In two steps: behind a path, `^{tree}` would be part of the path.
  const sha = object === null ? null : await resolve(gitDir, `${object}^{tree}`);
  if (sha === null) return null;
  const deep = recursive ? ["-r", "-t"] : [];
  const listed = await git(gitDir, ["ls-tree", "-z", "--long", ...deep, sha]);
  return {
    sha,
    entries: listed
      .split("\0")
      .filter((line) => line !== "")
      .map(toEntry),
  };
}

async function resolve(gitDir: string, name: string): Promise<string | null> {
  const args = ["rev-parse", "--verify", "--quiet", "--end-of-options", name];
  return (await tryGit(gitDir, args))?.trim() ?? null;
}

function toEntry(line: string): TreeEntry {
  const tab = line.indexOf("\t");
  const [mode = "", type = "", sha = "", size = "-"] = line.slice(0, tab).split(/ +/);
  return {
    path: line.slice(tab + 1),
    mode,
    type: type === "tree" || type === "commit" ? type : "blob",
    sha,
    bytes: size === "-" ? null : Number(size),
  };
}

export async function writeBlob(gitDir: string, bytes: Buffer): Promise<string> {
  return (await git(gitDir, ["hash-object", "-w", "--stdin"], { input: bytes })).trim();
}

export interface NewEntry {
  path: string;
  mode: string;
  /** Null removes; left out, `content` is written. */
  sha?: string | null | undefined;
  content?: string | undefined;
}

/** Entries over a base tree, or alone. Throws a `Refusal` as GitHub would, also for a tree that would be empty. */
export async function writeTree(
  gitDir: string,
  { base, entries }: { base: string | null; entries: readonly NewEntry[] },
): Promise<string> {
  const dir = await mkdtemp(join(gitDir, "index-"));
  const env = { GIT_INDEX_FILE: join(dir, "index") };
  try {
    if (base !== null) await readBase(gitDir, { base, env });
    for (const entry of entries) await putEntry(gitDir, { entry, env });
    const sha = (await git(gitDir, ["write-tree"], { env })).trim();
    if ((await git(gitDir, ["ls-tree", sha])) !== "") return sha;
    throw new Refusal(422, "GitRPC::BadObjectState: the tree would be empty");
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

type Env = Readonly<Record<string, string>>;

async function readBase(gitDir: string, { base, env }: { base: string; env: Env }): Promise<void> {
  const type = await typeOf(gitDir, base);
  if (type !== "tree" && type !== "commit") {
    throw new Refusal(422, "base_tree is not a valid tree oid");
  }
  await git(gitDir, ["read-tree", base], { env });
}

async function putEntry(
  gitDir: string,
  { entry, env }: { entry: NewEntry; env: Env },
): Promise<void> {
  const { path, mode, sha, content } = entry;
  if (sha === null) return remove(gitDir, { path, env });
  const object = sha ?? (await writeBlob(gitDir, Buffer.from(content ?? "")));
  const type = mode === "040000" ? "tree" : "blob";
  if (mode !== "160000" && (await typeOf(gitDir, object)) !== type) {
    throw new Refusal(422, "tree.sha is not a valid object");
  }
  try {
    if (type === "tree") {
      await remove(gitDir, { path, env });
      await git(gitDir, ["read-tree", `--prefix=${path}/`, object], { env });
    } else {
      const input = `${mode} ${object}\t${path}\0`;
      await git(gitDir, ["update-index", "-z", "--add", "--replace", "--index-info"], {
        env,
        input,
      });
    }
  } catch (error) {
    if (error instanceof GitFailure)
      throw new Refusal(422, "tree.path contains a malformed path component");
    throw error;
  }
}

/** A file, or everything under a folder. */
async function remove(gitDir: string, { path, env }: { path: string; env: Env }): Promise<void> {
  const args = ["ls-files", "-z", "--full-name", "--", `:(top,literal)${path}`];
  const listed = (await tryGit(gitDir, ["--work-tree", gitDir, ...args], { env })) ?? "";
  const input = listed
    .split("\0")
    .filter((one) => one !== "")
    .map((one) => `0 ${"0".repeat(40)}\t${one}\0`)
    .join("");
  if (input !== "") await git(gitDir, ["update-index", "-z", "--index-info"], { env, input });
}
