// A run that rests as another machine left it: whoever comes across it has nothing to do before somebody speaks or its time is over.

import { isDeepStrictEqual } from "node:util";

import { openChecksOf } from "./branch-checks.ts";
import type { Checkpoint } from "./checkpoint.ts";
import type { LiveRun } from "./live.ts";
import type { QuestionRecord, RunRecord } from "./record.ts";
import { planKey } from "./plan-record.ts";

/**
 * Whether the run waits for people alone, all that was done is in its checkpoint and on GitHub, and nothing was said since. To
 * drive it would take a lease and write everything again, to rest in the end; two bots would do so in turn. `owner` and `now`: of
 * the machine that asks. Its own runs it drives when it starts: rules may have changed while it was away. What is sealed with an
 * older key is no rest either: whoever drives it seals it anew.
 */
export function restsAsLeft(
  run: LiveRun,
  { record, entries, lease, anew }: Checkpoint,
  { owner, now }: { owner: string; now: number },
): boolean {
  return (
    lease?.isReleased === true &&
    lease.isAtRest &&
    lease.owner !== owner &&
    anew.size === 0 &&
    waitsForPeople(record, now) &&
    record.questions.every((each) => isOpen(each) || isActedUpon(record, each, entries)) &&
    entries.length === run.entries().length &&
    isDeepStrictEqual(record, run.record())
  );
}

const isOpen = ({ decision }: QuestionRecord): boolean => decision === null;

const waitsForPeople = (record: RunRecord, now: number): boolean =>
  record.status === "waiting" &&
  record.questions.some(isOpen) &&
  record.questions.filter(isOpen).every(({ expiresAt }) => now < expiresAt) &&
  openChecksOf(record).length === 0;

/** A plan's by the script that began, a script's own by the end of its call. */
const isActedUpon = (
  { plan }: RunRecord,
  { key }: QuestionRecord,
  entries: Checkpoint["entries"],
): boolean =>
  plan !== null && key === planKey(plan.hash)
    ? entries.length > 0
    : entries.some((each) => each.kind === "call-ended" && each.key === key);
