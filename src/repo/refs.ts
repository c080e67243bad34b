// Names of branches and of refs that stand in for them: computed by code from a run and a worker, never taken from a model.

import { PathRefused } from "./contract.ts";

const PREFIX = "fanfold/";
const NAME_MAX = 200;
const SLUG_MAX = 40;
const SEGMENT = /^[A-Za-z0-9_][A-Za-z0-9._-]*$/;
/** Names git or GitHub give a meaning of their own. */
const RESERVED = /^(?:HEAD|FETCH_HEAD|ORIG_HEAD|MERGE_HEAD|refs)$/i;

/** Branch of one worker: `fanfold/<run>/<worker>`. Rejects names outside of the grammar with `PathRefused`. */
export function branchOf(run: string, worker: string): string {
  return checkBranch(`${PREFIX}${run}/${worker}`);
}

/** Branch that the run's final pull request comes from. */
export function resultBranchOf(run: string): string {
  return branchOf(run, "result");
}

/** The full name of a branch's ref. */
export const branchRef = (branch: string): string => `refs/heads/${branch}`;

/** Below it stands what a run keeps beside its branches. */
export const RUN_REFS = "refs/fanfold/runs/";

/** Where a worker's commits stand when there is to be no branch of them: no list of branches shows it, and nothing runs on it. */
export function hiddenRefOf(run: string, worker: string): string {
  return `${RUN_REFS}${run}/w/${branchOf(run, worker).slice(PREFIX.length + run.length + 1)}`;
}

/** Where a run's own line stands for whoever takes it up: its branch shows less for a while, and signed commits at the end. */
export const lineRefOf = (run: string): string => `${RUN_REFS}${run}/line`;

/** Where a worker's commits are kept when somebody moved or deleted its place, which is left alone then. */
export function keptRefOf(run: string, place: string): string {
  const ref = refOfPlace(place);
  const shown = branchRef(`${PREFIX}${run}/`);
  const hidden = `${RUN_REFS}${run}/w/`;
  const start = ref.startsWith(shown) ? shown : hidden;
  return `${RUN_REFS}${run}/kept/${ref.slice(start.length)}`;
}

/** Whether a worker's place is a hidden ref; otherwise it is the name of a branch. */
export const isHiddenRef = (place: string): boolean => place.startsWith(RUN_REFS);

/** The full name of a worker's place. */
export const refOfPlace = (place: string): string =>
  isHiddenRef(place) ? place : branchRef(place);

/** The run a branch of ours belongs to; null for every other branch. */
export function runOf(branch: string): string | null {
  const [, run, worker] = branch.split("/");
  if (run === undefined || worker === undefined) return null;
  return isOurBranch(branch) && branch === `${PREFIX}${run}/${worker}` ? run : null;
}

/** Whether a branch name is one that Fanfold may create, move or delete. */
export function isOurBranch(branch: string): boolean {
  return branch.startsWith(PREFIX) && branch.length <= NAME_MAX && namesASegment(branch);
}

/** The name itself when Fanfold may write to it; otherwise `PathRefused` with the grammar. */
export function checkBranch(branch: string): string {
  if (isOurBranch(branch)) return branch;
  throw new PathRefused(
    `${JSON.stringify(branch)} is no branch name that Fanfold writes to. Allowed are names that start with ` +
      `"${PREFIX}", made of letters, digits, ".", "_" and "-" between slashes, ${NAME_MAX} characters at most.`,
  );
}

/** Any text as a part of a branch name: 1 to 40 of `a-z 0-9 -`; `fallback` when nothing usable is left. */
export function slug(text: string, fallback = "work"): string {
  const words = text
    .normalize("NFKD")
    .replaceAll(/\p{M}/gu, "")
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "-");
  const cut = words
    .slice(0, SLUG_MAX * 2)
    .replace(/^-+/, "")
    .slice(0, SLUG_MAX);
  return cut.replace(/-+$/, "") || fallback;
}

function namesASegment(branch: string): boolean {
  return branch.split("/").every((segment) => {
    const odd = segment.includes("..") || segment.endsWith(".") || /\.lock$/i.test(segment);
    return SEGMENT.test(segment) && !odd && !RESERVED.test(segment);
  });
}
