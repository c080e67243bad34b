// Names a run gives to what it makes: refs, markers, ids. All follow from the run's own id.

import { createHash } from "node:crypto";

import type { Occasion } from "../command/run-desk.ts";
import { branchOf, hiddenRefOf } from "../repo/refs.ts";
import type { RunRecord } from "./record.ts";

/**
 * The id of the run that was asked for under `key`: the same comment always names the same run, so a delivery that arrives
 * twice starts nothing twice. `wf-` and 10 characters of `0-9 a-v`.
 */
export function runIdOf(repositoryId: number, key: string): string {
  const digest = createHash("sha256").update(`${repositoryId}/${key}`).digest();
  return `wf-${digest.readBigUInt64BE().toString(32).padStart(13, "0").slice(-10)}`;
}

/** Where the commits of a run's worker stand on GitHub: on a branch, or where no list of branches shows them. */
export const placeOf =
  ({ id, settings }: Pick<RunRecord, "id" | "settings">) =>
  (worker: string): string =>
    settings.branches === "hidden" ? hiddenRefOf(id, worker) : branchOf(id, worker);

/** The id of the run that one moment of a schedule starts, on whichever machine. */
export const scheduledRunOf = (
  repositoryId: number,
  { schedule, tick }: Omit<Occasion, "script">,
): string => runIdOf(repositoryId, `${schedule}/${tick}`);

export const stateRefOf = (run: string): string => `refs/fanfold/runs/${run}/state`;

export const runMarker = (run: string): string => `<!-- fanfold:run=${run} -->`;

/** How the marks of everything begin that a run says beside its one comment. */
export const runWords = (run: string): string => `<!-- fanfold:run=${run}:`;

export const questionMarker = (run: string, question: string): string =>
  `<!-- fanfold:run=${run}:question=${question} -->`;

export const reviewMarker = (run: string, key: string): string =>
  `<!-- fanfold:run=${run}:review=${key} -->`;
