// A local git repository for a preview: read where it lies, at its HEAD, never changed and never fetched.

import { tmpdir } from "node:os";
import { join } from "node:path";

import { openObjectStore } from "../repo/object-store.ts";
import { diffCommits } from "../repo/diff.ts";
import { renderDiff } from "../repo/diff-text.ts";
import type { Snapshot } from "../repo/contract.ts";
import { gitText } from "../repo/git.ts";
import { openSnapshot } from "../repo/snapshot.ts";
import type { Json } from "../engine/json.ts";

/** A repository at its HEAD. */
export interface LocalRepository extends AsyncDisposable {
  snapshot: Snapshot;
  /** What its last commit changed, as `repo.diff()` gives it. */
  lastChange(): Promise<Json>;
}

/** There is no usable repository; the message says what to give instead. */
export class NoRepository extends Error {
  override readonly name = "NoRepository";
}

const PATCH_CHARS = 200_000;

/** Opens the repository that a folder belongs to. Throws `NoRepository`. */
export async function openLocalRepository(folder: string): Promise<LocalRepository> {
  const gitDir = await gitDirOf(folder);
  const commit = await commitOf(gitDir, "HEAD");
  if (commit === null) {
    throw new NoRepository(
      `--repo ${folder}: the repository has no commit yet. Make a first commit, then try again.`,
    );
  }
  const store = openObjectStore(gitDir, join(tmpdir(), "fanfold-text"));
  return {
    snapshot: openSnapshot(store, commit),
    async lastChange() {
      const parent = await commitOf(gitDir, "HEAD^");
      if (parent === null) return [];
      const files = await diffCommits(gitDir, { from: parent, to: commit });
      return files.map((file) => ({
        path: file.path,
        status: file.status,
        additions: file.additions,
        deletions: file.deletions,
        patch: renderDiff([file], { maxCharacters: PATCH_CHARS }),
      }));
    },
    [Symbol.asyncDispose]: () => store[Symbol.asyncDispose](),
  };
}

async function gitDirOf(folder: string): Promise<string> {
  try {
    return await gitText(["-C", folder, "rev-parse", "--absolute-git-dir"]);
  } catch (error) {
    const advice = "Give the folder of a git repository (`git init` and a first commit make one).";
    throw new NoRepository(`--repo ${folder}: there is no git repository. ${advice}`, {
      cause: error,
    });
  }
}

async function commitOf(gitDir: string, revision: string): Promise<string | null> {
  try {
    return await gitText(["rev-parse", "--verify", "--quiet", `${revision}^{commit}`], { gitDir });
  } catch {
    return null;
  }
}
