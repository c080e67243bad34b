// Reads commits of a bare repository, and writes those that are made through the API.

import { git, tryGit } from "./git.ts";

export interface Person {
  name: string;
  email: string;
  /** ISO 8601 in UTC. */
  date: string;
}

export interface Commit {
  sha: string;
  tree: string;
  parents: readonly string[];
  author: Person;
  committer: Person;
  message: string;
}

const fields = ["%H", "%T", "%P", "%an", "%ae", "%aI", "%cn", "%ce", "%cI", "%B"];
const format = `--format=format:${fields.join("%x00")}`;
/** GitHub lists at most so many commits of a pull request or a comparison. */
export const listedCommits = 250;

/** Newest first. `range` is anything `git log` takes as one or two ends: a commit, `base..head`. */
export async function commitsIn(
  gitDir: string,
  range: readonly string[],
  limit = listedCommits,
): Promise<Commit[]> {
  const args = ["log", "-z", "--no-show-signature", `--max-count=${limit}`, format];
  const text = await git(gitDir, [...args, "--end-of-options", ...range, "--"]);
  if (text === "") return [];
  const values = text.split("\0");
  return Array.from({ length: Math.floor(values.length / fields.length) }, (_, index) =>
    toCommit(values.slice(index * fields.length, (index + 1) * fields.length)),
  );
}

function toCommit(values: readonly string[]): Commit {
  const [sha = "", tree = "", parents = "", ...rest] = values;
  const [an = "", ae = "", ad = "", cn = "", ce = "", cd = "", message = ""] = rest;
  return {
    sha,
    tree,
    parents: parents.split(" ").filter((parent) => parent !== ""),
    author: { name: an, email: ae, date: inUtc(ad) },
    committer: { name: cn, email: ce, date: inUtc(cd) },
    message: message.trimEnd(),
  };
}

const inUtc = (date: string): string => `${new Date(date).toISOString().slice(0, 19)}Z`;

/** Null when there is no such commit. `name` is a hash, a branch, a tag or a full ref. */
export async function findCommit(gitDir: string, name: string): Promise<Commit | null> {
  const sha = await resolveCommit(gitDir, name);
  if (sha === null) return null;
  return (await commitsIn(gitDir, [sha], 1))[0] ?? null;
}

/** A branch, a tag, what else stands below `refs/`, or a hash, the first of them that leads to a commit. */
export async function resolveCommit(gitDir: string, name: string): Promise<string | null> {
  if (/[\n\0]/.test(name)) return null;
  const candidates = [`refs/heads/${name}`, `refs/tags/${name}`, `refs/${name}`, name];
  const input = candidates.map((candidate) => `${candidate}^{commit}\n`).join("");
  // One process for all of them: most of what a look costs is starting it.
  const answers = await git(gitDir, ["cat-file", "--batch-check=%(objectname)"], { input });
  return answers.split("\n").find((answer) => /^[0-9a-f]{40}$/.test(answer)) ?? null;
}

/** The type of an object, null when it is not there. Only full hashes count. */
export async function typeOf(gitDir: string, sha: string): Promise<string | null> {
  if (!/^[0-9a-f]{40}$/.test(sha)) return null;
  return (await tryGit(gitDir, ["cat-file", "-t", sha]))?.trim() ?? null;
}

/** Writes a commit exactly as given; resolves to its hash. */
export async function writeCommit(gitDir: string, commit: Omit<Commit, "sha">): Promise<string> {
  const lines = [
    `tree ${commit.tree}`,
    ...commit.parents.map((parent) => `parent ${parent}`),
    `author ${personLine(commit.author)}`,
    `committer ${personLine(commit.committer)}`,
    "",
    commit.message,
  ];
  const args = ["hash-object", "-t", "commit", "-w", "--stdin"];
  return (await git(gitDir, args, { input: lines.join("\n") })).trim();
}

function personLine({ name, email, date }: Person): string {
  const seconds = Math.floor(Date.parse(date) / 1_000);
  return `${clean(name)} <${clean(email)}> ${seconds} +0000`;
}

/** What would end the line or the address early is left out. */
const clean = (text: string): string => text.replaceAll(/[<>\n\0]/g, "").trim();

export async function mergeBase(
  gitDir: string,
  one: string,
  other: string,
): Promise<string | null> {
  return (await tryGit(gitDir, ["merge-base", one, other]))?.trim() ?? null;
}

/** Of a commit and of itself as well. */
export async function isAncestor(gitDir: string, old: string, young: string): Promise<boolean> {
  return (await tryGit(gitDir, ["merge-base", "--is-ancestor", old, young])) !== null;
}

/** How many commits each side has that the other has not. */
export async function distance(
  gitDir: string,
  base: string,
  head: string,
): Promise<{ ahead: number; behind: number }> {
  const args = ["rev-list", "--left-right", "--count", `${base}...${head}`, "--"];
  const [behind = 0, ahead = 0] = (await git(gitDir, args)).trim().split("\t").map(Number);
  return { ahead, behind };
}
