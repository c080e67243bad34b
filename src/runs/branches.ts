// Where a run's branches shall stand on GitHub, given what GitHub shows of them already. Pure.

import type { Oid } from "../repo/git-data.ts";
import { branchRef, lineRefOf, refOfPlace, resultBranchOf } from "../repo/refs.ts";
import type { ChangeState } from "../steps/ledger.ts";
import { standingHead } from "./branch-checks.ts";
import { isInFork } from "./fork.ts";
import type { Publications } from "./publications.ts";
import type { RunRecord } from "./record.ts";

/** What GitHub shows of a change by now; of one that people took over, as much as it ever will. */
export interface Shown {
  hasPull: (change: ChangeState) => boolean;
  hasReview: (change: ChangeState, key: string) => boolean;
}

/**
 * Branches a run shows: its own line as soon as there is a change, and one for each worker. A pull request must be opened,
 * and its lines be commented on, while its head is not yet in its base: behind that there is no diff. So the run's own line
 * waits at the first fold whose pull request or earlier review is missing. All of it stands on a hidden ref meanwhile, since
 * the checkpoint speaks of it: whoever takes the run up on another machine needs these commits.
 */
export function desiredBranches(
  record: RunRecord,
  publications: Publications | null,
  shown: Shown,
): { ref: string; to: Oid }[] {
  if (publications === null || publications.workers.length === 0) return [];
  const { ledger, workers, folds } = publications;
  const withPull = new Map(
    workers.flatMap(({ hasPull, change }) => (hasPull ? [[change.id, change]] : [])),
  );
  const stop = folds.findIndex(({ change: id, reviewedBy }) => {
    const change = withPull.get(id);
    if (change === undefined) return false;
    return !shown.hasPull(change) || reviewedBy.some((key) => !shown.hasReview(change, key));
  });
  const visible = stop === -1 ? ledger.trunk : (folds[stop - 1]?.commit ?? ledger.base);
  const isStrangers = isInFork(record.base) && visible === ledger.base;
  return [
    ...(isStrangers ? [] : [{ ref: branchRef(resultBranchOf(record.id)), to: visible }]),
    ...(ledger.trunk === ledger.base ? [] : [{ ref: lineRefOf(record.id), to: ledger.trunk }]),
    ...workers.map(({ change }) => ({
      ref: refOfPlace(change.branch),
      to: standingHead(record, change.head),
    })),
  ];
}
