// Which runs are in a schedule's report already, however many there were.

import type { RunOutcome } from "../runs/outcomes.ts";
import type { ScheduleState } from "./state.ts";

/** Ids that are kept with their dates. */
const KEPT = 100;

/** What is remembered of them. */
export type Told = Pick<ScheduleState, "told" | "toldAt" | "toldBefore" | "current">;
type Run = Pick<RunOutcome, "run" | "createdAt">;

/** Its run that has not ended is awaited, however many came to their end since it was created. */
export const isTold = ({ told, toldBefore, current }: Told, { run, createdAt }: Run): boolean =>
  (createdAt <= toldBefore && run !== current?.run) || told.includes(run);

/** With one more. The id that goes is that of the run that was created first: whatever is as old is told, or too old to be. */
export function withTold(
  state: Told,
  { run, createdAt }: Run,
): Pick<Told, "told" | "toldAt" | "toldBefore"> {
  const dates = { ...state.toldAt, [run]: createdAt };
  const dated = Object.entries(dates).toSorted(([, one], [, other]) => one - other);
  const gone = new Map(dated.slice(0, Math.max(0, dated.length - KEPT)));
  return {
    told: [...state.told, run].filter((each) => !gone.has(each)),
    toldAt: Object.fromEntries(dated.filter(([each]) => !gone.has(each))),
    toldBefore: Math.max(state.toldBefore, ...gone.values()),
  };
}

/** Those that came to their end and are not told yet, the oldest first. */
export function untoldOf<Ended extends Run & Pick<RunOutcome, "isOver">>(
  state: Told,
  runs: readonly Ended[],
): Ended[] {
  const known = { ...state, toldBefore: Math.max(state.toldBefore, toldUndated(state, runs)) };
  return runs
    .filter((each) => each.isOver && !isTold(known, each))
    .toSorted((one, other) => one.createdAt - other.createdAt);
}

/**
 * An earlier version kept ids without dates, and let the oldest go. Those that are left stay; where so many are that some may
 * have gone, whatever was created before the newest of them is told.
 */
function toldUndated({ told, toldAt }: Told, runs: readonly Run[]): number {
  const undated = new Set(told.filter((run) => !Object.hasOwn(toldAt, run)));
  if (undated.size < KEPT) return 0;
  return Math.max(0, ...runs.flatMap(({ run, createdAt }) => (undated.has(run) ? createdAt : [])));
}
