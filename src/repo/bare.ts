// The bare repository behind a mirror: made on first use, checked on every opening, replaced when damaged.

import { mkdir, rename, rm, stat } from "node:fs/promises";
import { dirname } from "node:path";

import { git, GitError } from "./git.ts";

/** Makes sure that a usable bare repository stands at `dir`. Call it under the mirror's lock. True: a damaged one made way. */
export async function prepareBare(dir: string): Promise<boolean> {
  await mkdir(dirname(dir), { recursive: true });
  const stood = await isFolder(dir);
  if (stood) {
    if (await isSound(dir)) return false;
    await setAside(dir);
  }
  await git(["init", "--bare", "--quiet", "--object-format=sha1", "--template=", "--", dir]);
  return stood;
}

/** Moves a damaged repository out of the way, where a person can look at it; only the newest is kept. */
export async function setAside(dir: string): Promise<void> {
  const aside = `${dir}.damaged`;
  await rm(aside, { recursive: true, force: true });
  await rename(dir, aside);
}

/** Whether git's complaint is about the repository on this disk; a full disk is no fault of what is on it. */
export function isDamage(error: unknown): boolean {
  return (
    error instanceof Error &&
    !/No space left on device|Disk quota exceeded/i.test(error.message) &&
    /object file .* is empty|is corrupt|packfile .* (?:cannot|is|claims|index)|inflate: data stream error|bad object refs|unable to (?:unpack|read) |did not send all necessary objects|index file .* is too small|not a git repository|missing blob|missing tree|missing commit|unresolved deltas|not a tree object|could not read [0-9a-f]{40}|mirror (?:lacks|has no tree) [0-9a-f]{40}/i.test(
      error.message,
    )
  );
}

/** Cheap and not complete: the folder is a repository, and what its refs name can be read. */
async function isSound(gitDir: string): Promise<boolean> {
  try {
    const bare = await git(["rev-parse", "--is-bare-repository"], { gitDir });
    if (bare.stdout.toString().trim() !== "true") return false;
    await git(["for-each-ref", "--format=%(objecttype) %(tree)"], { gitDir });
    return true;
  } catch (error) {
    if (error instanceof GitError && error.failure === "status") return false;
    throw error;
  }
}

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return false;
    throw error;
  }
}
