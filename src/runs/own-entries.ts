// Entries that the house itself puts into a run's journal, beside those of the script's calls.

import type { Call, Outcome } from "../engine/call.ts";
import type { CallEnded, Entry } from "../engine/journal.ts";
import type { Json } from "../engine/json.ts";
import { sumUsage } from "../steps/outcome.ts";
import { agentsOf, StepRecord } from "../steps/records.ts";
import type { House } from "./house.ts";
import type { LiveRun } from "./live.ts";

/** Their steps; each happens once in a run, so that it is its own key. */
export const own = {
  author: "plan:author",
  report: "finish:report",
  /** The run was stopped before its script returned, and why. */
  stopped: "finish:stopped",
  /** Accepted changes that a stopped script had not got to. */
  combine: "finish:combine",
  synthesis: "finish:synthesis",
} as const;
type Own = (typeof own)[keyof typeof own];

/** The script never asked for these; a replay must not look for them there. */
export const isOwn = ({ step }: Entry): boolean =>
  step.startsWith("plan:") || step.startsWith("finish:");

/** What an earlier process noted under this step; null when it did not get to it. */
export function noted(run: LiveRun, step: Own): CallEnded | null {
  const entry = run.entries().find((each) => each.kind === "call-ended" && each.step === step);
  return entry?.kind === "call-ended" ? entry : null;
}

/** The value of a noted outcome; undefined when there is none. */
export function valueOf(entry: CallEnded | null): Json | undefined {
  const outcome: Outcome | null = entry?.outcome ?? null;
  return outcome?.ok === true ? outcome.value : undefined;
}

/** Says in the journal that one of our own agents begins. */
export async function announce(
  house: House,
  run: LiveRun,
  { step, phase }: { step: Own; phase: string },
): Promise<Call> {
  const call: Call = { key: step, step, input: {}, label: null, phase };
  const at = house.world.clock.now();
  await run.append([{ v: 1, kind: "call-started", key: step, step, label: null, phase, at }]);
  return call;
}

/** Writes down what came of it; durable when it resolves. */
export async function note(
  house: House,
  run: LiveRun,
  { step, record, value }: { step: Own; record?: StepRecord; value?: Json },
): Promise<void> {
  await run.append([
    {
      v: 1,
      kind: "call-ended",
      key: step,
      step,
      outcome: { ok: true, value: value ?? null },
      ...(record === undefined ? {} : { usage: sumUsage(agentsOf(record)), record }),
      at: house.world.clock.now(),
    },
  ]);
}

/** The synthesizer was due and could not be asked. */
export function isFactsOnly(run: LiveRun): boolean {
  const entry = noted(run, own.synthesis);
  return entry?.record !== undefined && agentsOf(StepRecord.parse(entry.record)).length === 0;
}

/** How many accepted changes were folded in for a script that was stopped. */
export function lateFoldsOf(run: LiveRun): number {
  const entry = noted(run, own.combine);
  const record = entry?.record === undefined ? null : StepRecord.parse(entry.record);
  return record?.kind === "combined" ? record.folds.length : 0;
}
