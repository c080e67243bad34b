// Reads and moves refs of a bare repository; a move is all or nothing.

import { isAncestor } from "./commits.ts";
import { git, GitFailure, tryGit } from "./git.ts";

export const zeros = "0".repeat(40);

/** Every ref by its full name. */
export async function readRefs(gitDir: string): Promise<Map<string, string>> {
  const listed = await git(gitDir, ["for-each-ref", "--format=%(refname) %(objectname)"]);
  const pairs = listed
    .split("\n")
    .filter((line) => line !== "")
    .map((line): [string, string] => {
      const space = line.lastIndexOf(" ");
      return [line.slice(0, space), line.slice(space + 1)];
    });
  return new Map(pairs);
}

/** As git sees it: no `..`, no blanks, no lock files. */
export async function isRefName(gitDir: string, ref: string): Promise<boolean> {
  return (await tryGit(gitDir, ["check-ref-format", ref])) !== null;
}

export interface RefUpdate {
  ref: string;
  /** Null: whatever it is now. Zeros: must not exist. */
  before: string | null;
  /** Zeros: delete. */
  after: string;
  /** Without it, only a descendant of what is there. */
  force: boolean;
}

export type RefsMoved = { moved: true } | { moved: false; why: "not-a-fast-forward" | "lost" };

/** All of them, or none. */
export async function moveRefs(gitDir: string, updates: readonly RefUpdate[]): Promise<RefsMoved> {
  const refs = await readRefs(gitDir);
  for (const { ref, after, force } of updates) {
    const current = refs.get(ref);
    if (force || current === undefined || after === zeros) continue;
    if (!(await isAncestor(gitDir, current, after))) {
      return { moved: false, why: "not-a-fast-forward" };
    }
  }
  const lines = updates.map(
    ({ ref, before, after }) => `update ${ref}\0${after}\0${before ?? ""}\0`,
  );
  try {
    await git(gitDir, ["update-ref", "-z", "--stdin"], {
      input: `start\0${lines.join("")}prepare\0commit\0`,
    });
    return { moved: true };
  } catch (error) {
    if (error instanceof GitFailure) return { moved: false, why: "lost" };
    throw error;
  }
}
