// A lock between processes: a symbolic link whose target says who holds it, taken over when its holder is gone. Such a
// link comes into being whole, in one system call; a file would stand empty for a moment, and a process killed in that
// moment would leave a lock of nobody behind.

import { randomUUID } from "node:crypto";
import { link, lstat, readlink, rename, rm, symlink } from "node:fs/promises";
import { hostname } from "node:os";

import { z } from "zod";

const Holder = z.object({ host: z.string(), pid: z.int(), life: z.string() });

const POLL_MS = 50;
const WAIT_MS_MAX = 900_000;
/** Longer than anything done under the lock: then its holder is gone, wherever it ran. */
const HELD_MS_MAX = 900_000;

/** This process, and no later one that gets the same number. */
const life = randomUUID();

export interface LockClock {
  now(): number;
  sleep(ms: number): Promise<void>;
}

/** Who of this process waits for which lock: they take turns among themselves, and one of them looks at the disk. */
const turns = new Map<string, Promise<unknown>>();

/** Does `work` while no other holder of `path` does. Rejects when the lock does not come free in 15 minutes. */
export async function withLock<T>(
  lock: { path: string; clock: LockClock },
  work: () => Promise<T>,
): Promise<T> {
  const before = turns.get(lock.path) ?? Promise.resolve();
  const mine = before.then(() => holding(lock, work));
  // Whoever comes next does not depend on whether this work went well.
  const settled = mine.catch(() => undefined);
  turns.set(lock.path, settled);
  try {
    return await mine;
  } finally {
    if (turns.get(lock.path) === settled) turns.delete(lock.path);
  }
}

async function holding<T>(
  { path, clock }: { path: string; clock: LockClock },
  work: () => Promise<T>,
): Promise<T> {
  const mine = JSON.stringify({ host: hostname(), pid: process.pid, life, hold: randomUUID() });
  for (let waitedMs = 0; !(await tryTake(path, mine)); waitedMs += POLL_MS) {
    if (waitedMs > WAIT_MS_MAX) {
      throw new Error(
        `${path} stays locked. If no other Fanfold uses this folder, delete that file.`,
      );
    }
    const held = await look(path);
    if (held !== null && isAbandoned(held, clock)) await takeAway(path, held);
    else await clock.sleep(POLL_MS);
  }
  try {
    return await work();
  } finally {
    const held = await look(path);
    // Held too long, it was given to somebody else: that one's lock stays.
    if (held?.text === mine) await rm(path, { force: true });
  }
}

async function tryTake(path: string, mine: string): Promise<boolean> {
  try {
    await symlink(mine, path);
    return true;
  } catch (error) {
    if (isCode(error, "EEXIST")) return false;
    throw error;
  }
}

interface Held {
  /** What the lock says, for each hold another text; null for something that this version did not make. */
  text: string | null;
  /** Milliseconds since 1970. */
  since: number;
}

/** Null when it was released between two looks. */
async function look(path: string): Promise<Held | null> {
  try {
    const { mtimeMs } = await lstat(path);
    return { text: await textOf(path), since: mtimeMs };
  } catch (error) {
    if (isCode(error, "ENOENT")) return null;
    throw error;
  }
}

async function textOf(path: string): Promise<string | null> {
  try {
    return await readlink(path);
  } catch (error) {
    if (isCode(error, "EINVAL")) return null;
    throw error;
  }
}

function isAbandoned({ text, since }: Held, clock: LockClock): boolean {
  if (clock.now() - since > HELD_MS_MAX) return true;
  const holder = holderIn(text);
  if (holder === null) return true;
  if (holder.host !== hostname()) return false;
  if (holder.pid === process.pid) return holder.life !== life;
  return !isAlive(holder.pid);
}

function holderIn(text: string | null): z.infer<typeof Holder> | null {
  try {
    return Holder.parse(JSON.parse(text ?? ""));
  } catch {
    // Not written by this code, in this or any version that makes links.
    return null;
  }
}

/**
 * Moves the lock aside before it is removed: of several who saw it abandoned only one can, and whoever was given a new
 * lock since gets it back.
 */
async function takeAway(path: string, { text }: Held): Promise<void> {
  const aside = `${path}.${randomUUID()}`;
  try {
    await rename(path, aside);
  } catch (error) {
    if (isCode(error, "ENOENT")) return;
    throw error;
  }
  if ((await textOf(aside)) !== text) await link(aside, path);
  await rm(aside, { recursive: true });
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return !isCode(error, "ESRCH");
  }
}

const isCode = (error: unknown, code: string): boolean =>
  error instanceof Error && "code" in error && error.code === code;
