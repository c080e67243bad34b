// The mirrors on this disk: those that nobody used for longest go when all of them together are too large.

import { mkdir, readdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";

import { limits } from "../config/limits.ts";
import type { Mirror } from "../repo/contract.ts";
import { type LockClock, withLock } from "../repo/lock.ts";
import { openMirror } from "../repo/mirror.ts";
import type { GitRemote } from "../repo/remote.ts";
import type { RepositoryRef } from "../world/forge.ts";

/** Where the mirrors of all repositories are. */
export interface Mirrors {
  open(ref: RepositoryRef, remote: GitRemote): Promise<Mirror>;
  /** Lets go of what is too much; returns what is gone. */
  prune(use: MirrorsInUse): Promise<string[]>;
}

/** Which mirrors are in use in this process. */
export interface MirrorsInUse {
  /** Runs that have not ended need theirs, with all that is not pushed yet. */
  isNeeded: (repositoryId: number) => boolean;
  /** Lets go of a mirror that this process has open. */
  close: (repositoryId: number) => Promise<void>;
}

export interface MirrorFoldersOptions {
  /** Holds a folder for each installation, and in it a mirror for each repository. An absolute path. */
  root: string;
  /** How large all mirrors together may be. */
  bytesMax: number;
  clock: LockClock;
}

/** Mirrors in a folder of this machine. */
export function openMirrorFolders(options: MirrorFoldersOptions): Mirrors {
  return {
    open: async ({ installationId, repositoryId }, remote) => {
      const { root, clock } = options;
      const folder = join(root, String(installationId));
      await mkdir(folder, { recursive: true });
      return openMirror({ dir: join(folder, `${repositoryId}.git`), remote, clock });
    },
    prune: (use) => pruneMirrors({ ...options, ...use }),
  };
}

type MirrorFolders = MirrorFoldersOptions & MirrorsInUse;

interface Found {
  repositoryId: number;
  dir: string;
  usedAt: number;
  bytes: number;
}

/**
 * Closes what nobody needs and nobody used for a while, so that it is tidied when it is opened again, and deletes of that
 * what is too much. Returns the folders that are gone; a mirror is a copy, and the next run fetches a new one.
 */
export async function pruneMirrors(folders: MirrorFolders): Promise<string[]> {
  const { root, bytesMax, clock, isNeeded, close } = folders;
  const found = await mirrorsIn(root);
  const idle = found.filter(
    ({ repositoryId, usedAt }) =>
      !isNeeded(repositoryId) && clock.now() - usedAt > limits.disk.mirrorIdleMs,
  );
  for (const { repositoryId } of idle) await close(repositoryId);
  let bytes = found.reduce((sum, mirror) => sum + mirror.bytes, 0);
  const gone: string[] = [];
  for (const mirror of idle.toSorted((one, other) => one.usedAt - other.usedAt)) {
    if (bytes <= bytesMax) break;
    await withLock({ path: `${mirror.dir}.lock`, clock }, () => removeAll(mirror.dir));
    bytes -= mirror.bytes;
    gone.push(mirror.dir);
  }
  return gone;
}

/** Beside the repository stand the texts for searching, and what was set aside as damaged. */
const PARTS = ["", ".text", ".damaged"];

async function removeAll(dir: string): Promise<void> {
  for (const part of PARTS) await rm(`${dir}${part}`, { recursive: true, force: true });
}

async function mirrorsIn(root: string): Promise<Found[]> {
  const found: Found[] = [];
  for (const installation of await namesIn(root)) {
    for (const name of await namesIn(join(root, installation))) {
      const [, id] = /^(\d+)\.git$/u.exec(name) ?? [];
      if (id === undefined) continue;
      const dir = join(root, installation, name);
      const { mtimeMs: usedAt } = await stat(dir);
      let bytes = 0;
      for (const part of PARTS) bytes += await bytesOf(`${dir}${part}`);
      found.push({ repositoryId: Number(id), dir, usedAt, bytes });
    }
  }
  return found;
}

async function namesIn(dir: string): Promise<string[]> {
  try {
    return await readdir(dir);
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ENOENT";
}

/** What is deleted while it is looked at counts nothing. */
async function bytesOf(dir: string): Promise<number> {
  let bytes = 0;
  try {
    for (const entry of await readdir(dir, { recursive: true, withFileTypes: true })) {
      if (entry.isFile()) bytes += await sizeOf(join(entry.parentPath, entry.name));
    }
  } catch (error) {
    if (!isMissing(error)) throw error;
  }
  return bytes;
}

async function sizeOf(path: string): Promise<number> {
  try {
    return (await stat(path)).size;
  } catch (error) {
    if (isMissing(error)) return 0;
    throw error;
  }
}
