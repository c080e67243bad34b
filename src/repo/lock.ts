// A lock between processes: a file that says who holds it, taken over when its holder is gone.

import { randomUUID } from "node:crypto";
import { open, readFile, rm, stat } from "node:fs/promises";
import { hostname } from "node:os";

import { z } from "zod";

const Holder = z.object({ host: z.string(), pid: z.int(), life: z.string() });
type Holder = z.infer<typeof Holder>;

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

/** Does `work` while no other holder of `path` does. Rejects when the lock does not come free in 15 minutes. */
export async function withLock<T>(
  { path, clock }: { path: string; clock: LockClock },
  work: () => Promise<T>,
): Promise<T> {
  for (let waitedMs = 0; !(await tryTake(path)); waitedMs += POLL_MS) {
    if (waitedMs > WAIT_MS_MAX) {
      throw new Error(
        `${path} stays locked. If no other Fanfold uses this folder, delete that file.`,
      );
    }
    if (await isAbandoned(path, clock)) await rm(path, { force: true });
    else await clock.sleep(POLL_MS);
  }
  try {
    return await work();
  } finally {
    await rm(path, { force: true });
  }
}

async function tryTake(path: string): Promise<boolean> {
  try {
    await using file = await open(path, "wx");
    const holder: Holder = { host: hostname(), pid: process.pid, life };
    await file.writeFile(JSON.stringify(holder));
    return true;
  } catch (error) {
    if (isCode(error, "EEXIST")) return false;
    throw error;
  }
}

async function isAbandoned(path: string, clock: LockClock): Promise<boolean> {
  try {
    const { mtimeMs } = await stat(path);
    if (clock.now() - mtimeMs > HELD_MS_MAX) return true;
    const holder = Holder.safeParse(JSON.parse(await readFile(path, "utf8")));
    if (!holder.success || holder.data.host !== hostname()) return false;
    if (holder.data.pid === process.pid) return holder.data.life !== life;
    return !isAlive(holder.data.pid);
  } catch (error) {
    // Released, or not written yet, between two looks.
    if (isCode(error, "ENOENT") || error instanceof SyntaxError) return false;
    throw error;
  }
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
