// How changes stand to the line they are to be folded into: in already, on top of it, or with a history of their own.

import { git } from "./git.ts";
import type { Oid } from "./git-data.ts";
import type { ObjectStore } from "./object-store.ts";

const STEPS_MAX = 100;
const COMMITS_MAX = 200_000;

/** `simple`: commits one after the other on `base`, which the line holds, so `base` is the only merge base. */
export type Relation =
  | { kind: "in-already" }
  | { kind: "simple"; base: Oid; tree: Oid; commits: readonly Oid[] }
  | { kind: "other" };

/** What a commit that the line does not hold stands on, and what it holds. */
export interface MissingCommit {
  tree: Oid;
  parents: readonly Oid[];
}

/** Commits of the changes that the line does not hold; shrinks as they are folded in. */
export async function missingCommits(
  { gitDir }: ObjectStore,
  { ours, changes }: { ours: Oid; changes: readonly Oid[] },
): Promise<Map<Oid, MissingCommit>> {
  const { stdout } = await git(
    [
      "rev-list",
      `--max-count=${COMMITS_MAX}`,
      "--no-commit-header",
      "--format=%H %T %P",
      "--stdin",
    ],
    { gitDir, stdin: `${[...changes, `^${ours}`].join("\n")}\n` },
  );
  const listed = stdout.toString("latin1").trim();
  const commits = listed === "" ? [] : listed.split("\n").map((line) => line.trim().split(" "));
  return new Map(commits.map(([oid = "", tree = "", ...parents]) => [oid, { tree, parents }]));
}

export function relationOf(theirs: Oid, missing: ReadonlyMap<Oid, MissingCommit>): Relation {
  const commits: Oid[] = [];
  for (let at = theirs; commits.length <= STEPS_MAX;) {
    const commit = missing.get(at);
    if (commit === undefined) {
      const tree = missing.get(theirs)?.tree;
      return tree === undefined
        ? { kind: "in-already" }
        : { kind: "simple", base: at, tree, commits };
    }
    commits.push(at);
    const [parent, ...others] = commit.parents;
    if (parent === undefined || others.length > 0) break;
    at = parent;
  }
  return { kind: "other" };
}
