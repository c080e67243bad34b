// How changes stand to the line they are to be folded into: in already, on top of it, or with a history of their own.

import { git } from "./git.ts";
import type { Oid } from "./git-data.ts";
import type { ObjectStore } from "./object-store.ts";

const STEPS_MAX = 100;
const COMMITS_MAX = 200_000;

/** `simple`: commits one after the other on `base`, which the line holds, so `base` is the only merge base. */
export type Relation =
  | { kind: "in-already" }
  | { kind: "simple"; base: Oid; commits: readonly Oid[] }
  | { kind: "other" };

/** Commits of the changes that the line does not hold; shrinks as they are folded in. */
export async function missingCommits(
  { gitDir }: ObjectStore,
  { ours, changes }: { ours: Oid; changes: readonly Oid[] },
): Promise<Set<Oid>> {
  const { stdout } = await git(["rev-list", `--max-count=${COMMITS_MAX}`, "--stdin"], {
    gitDir,
    stdin: `${[...changes, `^${ours}`].join("\n")}\n`,
  });
  const listed = stdout.toString("latin1").trim();
  return new Set(listed === "" ? [] : listed.split("\n"));
}

export async function relationOf(
  { trees }: ObjectStore,
  { theirs, missing }: { theirs: Oid; missing: ReadonlySet<Oid> },
): Promise<Relation> {
  if (!missing.has(theirs)) return { kind: "in-already" };
  const commits: Oid[] = [];
  let at = theirs;
  while (missing.has(at) && commits.length < STEPS_MAX) {
    commits.push(at);
    const [parent, ...others] = await trees.parentsOf(at);
    if (parent === undefined || others.length > 0) return { kind: "other" };
    at = parent;
  }
  return missing.has(at) ? { kind: "other" } : { kind: "simple", base: at, commits };
}
