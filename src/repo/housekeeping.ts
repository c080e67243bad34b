// Keeps a mirror small and free of what a killed process left behind.

import { readdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";

import { git } from "./git.ts";

const KEPT_MS_MAX = 60 * 24 * 60 * 60 * 1000;
const GC_MS_MAX = 600_000;

/**
 * Removes git's lock files. Only under the mirror's own lock, which every change of a ref takes: a lock file that is
 * found then belongs to nobody.
 */
export async function removeLeftLocks(gitDir: string): Promise<void> {
  const below = await readdir(join(gitDir, "refs"), { recursive: true });
  const locks = [
    ...below.filter((name) => name.endsWith(".lock")).map((name) => join("refs", name)),
    "packed-refs.lock",
    "HEAD.lock",
    "config.lock",
    "shallow.lock",
    "gc.pid",
    "gc.pid.lock",
  ];
  for (const name of locks) await rm(join(gitDir, name), { force: true });
}

const LEFT_BEHIND_MS_MIN = 24 * 60 * 60 * 1000;

/**
 * Removes what fetches and streams that were killed had written so far: git itself does that only when it packs anew. Nothing
 * that works now began a day ago.
 */
async function removeHalfWritten(gitDir: string, now: number): Promise<void> {
  for (const folder of [join(gitDir, "objects"), join(gitDir, "objects", "pack")]) {
    for (const name of await readdir(folder)) {
      if (!name.startsWith("tmp_")) continue;
      const path = join(folder, name);
      // A stream of another process ends meanwhile, and its file has its name.
      const found = await stat(path).catch(() => null);
      const isOld = found !== null && now - found.mtimeMs > LEFT_BEHIND_MS_MIN;
      if (isOld) await rm(path, { recursive: true, force: true });
    }
  }
}

/**
 * Forgets commits that were kept 60 days ago, then lets git pack what is loose if that is much. Objects younger than
 * two weeks stay in any case, so that runs under way lose nothing.
 */
export async function tidyUp(gitDir: string, now: number): Promise<void> {
  await removeHalfWritten(gitDir, now);
  const format = "%(committerdate:unix) %(objectname) %(refname)";
  const { stdout } = await git(["for-each-ref", `--format=${format}`, "refs/kept/"], { gitDir });
  const outdated = stdout
    .toString("utf8")
    .split("\n")
    .map((line) => line.split(" "))
    .filter(([seconds]) => Boolean(seconds) && Number(seconds) * 1000 < now - KEPT_MS_MAX)
    .map(([, oid = "", ref = ""]) => `delete ${ref} ${oid}\n`);
  if (outdated.length > 0) {
    await git(["update-ref", "--no-deref", "--stdin"], { gitDir, stdin: outdated.join("") });
  }
  await git(["gc", "--auto", "--quiet"], {
    gitDir,
    timeoutMs: GC_MS_MAX,
    settings: [
      ["gc.auto", "6700"],
      ["gc.autoDetach", "false"],
      ["gc.pruneExpire", "2.weeks.ago"],
    ],
  });
}
