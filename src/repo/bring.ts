// Brings refs from the remote into a mirror; one that turned out to be damaged is made anew, with what only it holds.

import { createHash } from "node:crypto";
import { stat, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { isDamage, prepareBare, setAside } from "./bare.ts";
import { git, gitText } from "./git.ts";
import type { Oid } from "./git-data.ts";
import { isRefName } from "./ref-name.ts";
import { type GitRemote, RemoteError } from "./remote.ts";

const OID = /^[0-9a-f]{40}$/;
const SALVAGE_MS_MAX = 300_000;
/** Stands in a repository in which something could not be read. */
const SUSPECT = "suspect";

export interface Home {
  gitDir: string;
  remote: GitRemote;
  /** What was set aside may hold commits that are nowhere else. */
  owesSalvage: boolean;
  /** Lets go of readers that know the repository as it was. */
  onReplaced: () => Promise<void>;
}

/** What stands for a branch or ref on the remote: its full name, or a commit's id. */
export function sourceOf(asked: string): string {
  const source = OID.test(asked) || asked.startsWith("refs/") ? asked : `refs/heads/${asked}`;
  if (OID.test(source) || isRefName(source)) return source;
  throw new RemoteError(`${JSON.stringify(asked)} is no name of a branch or ref.`, {
    transient: false,
  });
}

/** The next fetch makes the repository anew: damage deep inside it is met by reading, not by opening. */
export async function noteDamage(gitDir: string): Promise<void> {
  try {
    await writeFile(join(gitDir, SUSPECT), "");
  } catch {
    // On a disk that is full or gone this cannot be noted; whoever read is told of the damage itself.
  }
}

/** One request for all. Answers which of them the remote does not have. Call it under the mirror's lock. */
export async function bringOrMend(
  home: Home,
  sources: readonly string[],
): Promise<ReadonlySet<string>> {
  if (await isSuspect(home.gitDir)) await replace(home);
  const missing = await bringAnew(home, sources);
  if (home.owesSalvage) await salvage(home);
  return missing;
}

async function bringAnew(home: Home, sources: readonly string[]): Promise<ReadonlySet<string>> {
  try {
    return await bring(home, sources);
  } catch (error) {
    if (!isDamage(error)) throw error;
    await replace(home);
    return await bring(home, sources);
  }
}

/** The commit of one that was brought. */
export const commitOf = ({ gitDir }: Home, source: string): Promise<Oid> =>
  gitText(["rev-parse", "--verify", "--quiet", `${localOf(source)}^{commit}`], { gitDir });

async function isSuspect(gitDir: string): Promise<boolean> {
  try {
    await stat(join(gitDir, SUSPECT));
    return true;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return false;
    throw error;
  }
}

async function replace(home: Home): Promise<void> {
  await setAside(home.gitDir);
  await prepareBare(home.gitDir);
  home.owesSalvage = true;
  await home.onReplaced();
}

/** Work that is not pushed yet stands in no other place; what of it cannot be read any more is lost. */
async function salvage(home: Home): Promise<void> {
  home.owesSalvage = false;
  try {
    const flags = ["--quiet", "--no-tags", "--no-write-fetch-head", "--no-auto-maintenance"];
    const from = `${home.gitDir}.damaged`;
    await git(["fetch", ...flags, "--", from, "+refs/kept/*:refs/kept/*"], {
      gitDir: home.gitDir,
      settings: [["protocol.file.allow", "always"]],
      timeoutMs: SALVAGE_MS_MAX,
    });
  } catch (error) {
    // A run that needs what is lost says which commit it misses; every other one goes on.
    if (!(error instanceof Error)) throw error;
  }
}

/** The local name is a hash: on the remote `a` may give way to `a/b`, and git cannot hold both at once. */
const localOf = (source: string): string =>
  `refs/mirrored/${createHash("sha256").update(source).digest("hex").slice(0, 40)}`;

/** What the remote does not have keeps all the others from coming, and is named: the rest is asked for without it. */
async function bring(
  { gitDir, remote }: Home,
  asked: readonly string[],
): Promise<ReadonlySet<string>> {
  const missing = new Set<string>();
  for (;;) {
    const sources = asked.filter((source) => !missing.has(source));
    try {
      const refspecs = sources.map((source) => `+${source}:${localOf(source)}`);
      await remote.fetch(gitDir, refspecs);
      return missing;
    } catch (error) {
      const name = missingIn(error);
      if (name === null || !sources.includes(name)) throw error;
      missing.add(name);
    }
  }
}

function missingIn(error: unknown): string | null {
  if (!(error instanceof RemoteError)) return null;
  return /(?:couldn't find remote ref|not our ref) (\S+)/.exec(error.message)?.[1] ?? null;
}
