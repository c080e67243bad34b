// What git itself makes of folding changes one after the other, to hold our folding against.

import type { Folded, Oid } from "../../src/repo/git-data.ts";
import { rawGit } from "./kit.ts";

/** Merge, commit, and the next on top of it: the tree of each, or why there is none. */
export function foldByGit(
  gitDir: string,
  { ours, changes }: { ours: Oid; changes: readonly Oid[] },
): string[] {
  let tip = ours;
  const results: string[] = [];
  for (const theirs of changes) {
    const who = ["-c", "user.name=T", "-c", "user.email=t@example.test"];
    if (rawGit(gitDir, ["rev-list", theirs, `^${tip}`]) === "") {
      results.push("nothing-to-fold");
      continue;
    }
    try {
      const tree = rawGit(gitDir, ["merge-tree", "--write-tree", tip, theirs]).trim();
      const parents = ["-p", tip, "-p", theirs];
      tip = rawGit(gitDir, [...who, "commit-tree", tree, ...parents, "-m", "m"]).trim();
      results.push(tree);
    } catch {
      results.push("conflicted");
    }
  }
  return results;
}

/** The same of one of our results. */
export const shortly = (folded: Folded | undefined): string =>
  folded?.kind === "folded" ? folded.tree : String(folded?.kind);

export const outcomeOf = (one: string): string => (/^[0-9a-f]{40}$/.test(one) ? "folded" : one);
