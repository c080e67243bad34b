// Which of an ended run's refs have served their purpose, and when. Pure.

import type { Oid } from "../repo/git-data.ts";
import { branchRef, keptRefOf, lineRefOf, refOfPlace, resultBranchOf } from "../repo/refs.ts";
import type { RefUpdate } from "../repo/remote.ts";
import type { PullRequest } from "../world/pulls.ts";
import { standingHead } from "./branch-checks.ts";
import { stateRefOf } from "./names.ts";
import { saidRefsOf } from "./passed-on.ts";
import type { Publications } from "./publications.ts";
import { isEnded, type RunRecord } from "./record.ts";

const DAY_MS = 24 * 60 * 60_000;

/** Branches of a run that nobody has closed the final pull request of, or that has none, are kept so long. */
export const BRANCHES_KEPT_MS = 90 * DAY_MS;
/** The checkpoint outlives the branches: people look up what a run did. */
export const CHECKPOINT_KEPT_MS = 180 * DAY_MS;

export interface Leftovers {
  /** To be deleted now, each from where the run left it. */
  remove: RefUpdate[];
  /** From when on to look again, in milliseconds since 1970 (0: the next time); null when nothing is left to look after. */
  lookAgainAt: number | null;
}

export interface Ended {
  record: RunRecord;
  publications: Publications | null;
  /** Heads that signed commits, or lines still to be signed, may have given the run's own branch. */
  finals: readonly Oid[];
  /** The final pull request as it is now; null when there is none. */
  pull: Pick<PullRequest, "state" | "merged"> | null;
  /** What became of the pull request of each workflow that was saved, by its branch; null: there is none. */
  saves: ReadonlyMap<string, PullRequest["state"] | null>;
  /** Every ref of this run on the remote. */
  refs: ReadonlyMap<string, Oid>;
}

/** What to delete of a run at a moment (milliseconds since 1970). A ref that somebody moved is theirs and stays. */
export function leftoversOf(ended: Ended, now: number): Leftovers {
  const { record, pull, refs } = ended;
  if (!isEnded(record.status) || !record.endTold || record.endedAt === null)
    return { remove: [], lookAgainAt: 0 };
  const ageMs = now - record.endedAt;
  const isOver = pull?.state === "closed";
  const state = stateRefOf(record.id);
  const due = (ref: string): boolean => {
    if (ref === state) return ageMs > CHECKPOINT_KEPT_MS;
    if (ref.startsWith(saidRefsOf(record.id))) return true;
    const save = [...ended.saves].find(([branch]) => branchRef(branch) === ref);
    if (save !== undefined)
      return save[1] === null ? ageMs > BRANCHES_KEPT_MS : save[1] === "closed";
    // An open pull request needs its head, however old it is.
    if (ref === branchRef(resultBranchOf(record.id)) && pull?.state === "open") return false;
    return isOver || ageMs > BRANCHES_KEPT_MS;
  };
  const { ours } = standing(ended);
  const remove = ours
    .filter(([ref]) => due(ref))
    .map(([ref, from]): RefUpdate => ({ ref, from, to: null }));
  const kept = ours.length - remove.length;
  const isLast = kept === 1 && refs.has(state) && !due(state);
  const later = isLast ? record.endedAt + CHECKPOINT_KEPT_MS : 0;
  return { remove, lookAgainAt: kept === 0 ? null : later };
}

/** A run's refs on the remote: those that stand where it left them, and those that somebody moved. */
export function standing(
  ended: Omit<Ended, "pull" | "saves">,
): Record<"ours" | "moved", [string, Oid][]> {
  const known = headsOf(ended);
  const isOurs = ([ref, oid]: [string, Oid]): boolean => known.get(ref)?.includes(oid) ?? false;
  const refs = [...ended.refs];
  return { ours: refs.filter(isOurs), moved: refs.filter((each) => !isOurs(each)) };
}

/** Where the run may have left each of its refs; any other place is somebody else's doing. */
function headsOf({
  record,
  publications,
  finals,
  refs,
}: Omit<Ended, "pull" | "saves">): Map<string, readonly Oid[]> {
  const heads = new Map<string, readonly Oid[]>();
  for (const { change } of publications?.workers ?? []) {
    heads.set(refOfPlace(change.branch), [change.head, standingHead(record, change.head)]);
    heads.set(keptRefOf(record.id, change.branch), [change.head]);
  }
  if (publications !== null) {
    const { ledger, folds } = publications;
    const line = [ledger.base, ...folds.map(({ commit }) => commit)];
    heads.set(branchRef(resultBranchOf(record.id)), [...line, ...finals]);
    heads.set(lineRefOf(record.id), line);
  }
  for (const { branch, heads: left } of record.saved) heads.set(branchRef(branch), left);
  const state = refs.get(stateRefOf(record.id));
  if (state !== undefined) heads.set(stateRefOf(record.id), [state]);
  for (const [ref, oid] of refs) if (ref.startsWith(saidRefsOf(record.id))) heads.set(ref, [oid]);
  return heads;
}
