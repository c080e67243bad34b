// Whether anything is owed to a run yet.

import type { LiveRun } from "./live.ts";
import { isEnded } from "./record.ts";

/** It goes on, or the thread does not know of its end or its undoing. */
export function isOwed(run: LiveRun): boolean {
  const { status, endTold, undo } = run.record();
  return !isEnded(status) || !endTold || undo?.done === null;
}
