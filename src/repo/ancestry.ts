// How two commits are related, as git tells it.

import { git } from "./git.ts";
import type { Oid } from "./git-data.ts";

/** Whether `descendant` already holds everything of `ancestor`. */
export async function isAncestor(
  gitDir: string,
  { ancestor, descendant }: { ancestor: Oid; descendant: Oid },
): Promise<boolean> {
  const { status } = await git(["merge-base", "--is-ancestor", ancestor, descendant], {
    gitDir,
    accept: [0, 1],
  });
  return status === 0;
}

/** The newest commit that both hold; null when their histories share none. */
export async function mergeBaseOf(
  gitDir: string,
  [a, b]: readonly [Oid, Oid],
): Promise<Oid | null> {
  const { status, stdout } = await git(["merge-base", a, b], { gitDir, accept: [0, 1] });
  return status === 0 ? stdout.toString("latin1").trim() : null;
}
