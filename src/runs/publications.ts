// What a run owes the outside: a pure reading of its journal. The publisher makes the outside agree.

import type { CallEnded, Entry } from "../engine/journal.ts";
import type { Json } from "../engine/json.ts";
import type { Oid } from "../repo/git-data.ts";
import { isHiddenRef } from "../repo/refs.ts";
import type { Settings } from "../settings/keys.ts";
import {
  applyRecord,
  type ChangeState,
  freshChange,
  type Ledger,
  openLedger,
} from "../steps/ledger.ts";
import { sumUsage, tokensOf } from "../steps/outcome.ts";
import { agentsOf, type LeftOut, StepRecord } from "../steps/records.ts";

type Reviewed = Extract<StepRecord, { kind: "reviewed" }>;

/** One review to be posted: the call that made it, and what it said. */
export interface ReviewPublication {
  key: string;
  /** 1 for the first look at a change, 2 after its first revision … */
  round: number;
  /** Commit that the reviewed head is compared with. */
  base: Oid;
  reviewed: Reviewed;
}

/** One worker's branch and everything said about it. */
export interface WorkerPublication {
  change: ChangeState;
  /**
   * It has a pull request of its own, where it is reviewed. Not in a run of many writers, nor for those who begin when a run
   * becomes one, nor where no branches are to be seen: their work is pushed, and what is said of it goes to the final pull
   * request, in few reviews.
   */
  hasPull: boolean;
  reviews: ReviewPublication[];
  leftOut: LeftOut | null;
  /** What its writer, its revisions and its reviews took together. */
  took: Took;
}

/** Tokens of every kind, and milliseconds from the beginning of the first call to the end of the last. */
export interface Took {
  tokens: number;
  ms: number;
}

/** One step of the run's own line, which GitHub may show once everything before it can be seen. */
export interface FoldPublication {
  change: string;
  commit: Oid;
  /** Keys of the reviews of this change that were made before it was folded in. */
  reviewedBy: readonly string[];
}

/** All of it. */
export interface Publications {
  ledger: Ledger;
  workers: WorkerPublication[];
  /** In the order of the line. */
  folds: FoldPublication[];
  /** Last value the script reported, if it did. */
  report: { value: Json } | null;
  /** `phase` is where the call was made; null outside of all. */
  records: readonly { entry: CallEnded; record: StepRecord; phase: string | null }[];
}

/** Whether the run has made anything that stands on a branch. */
export const hasWork = (
  { base, settings }: { base: { commit: Oid } | null; settings: Pick<Settings, "workerPulls"> },
  entries: readonly Entry[],
): boolean => base !== null && publicationsOf(base.commit, entries, settings).workers.length > 0;

/** Reads the journal; entries without a record owe nothing. */
export function publicationsOf(
  base: Oid,
  entries: readonly Entry[],
  { workerPulls: pullsMost }: Pick<Settings, "workerPulls">,
): Publications {
  const ledger = openLedger(base);
  const workers = new Map<string, WorkerPublication>();
  const folds: FoldPublication[] = [];
  const writers = countWriters(entries);
  const begun = new Map(
    entries.flatMap((entry) => (entry.kind === "call-started" ? [[entry.key, entry]] : [])),
  );
  const records = entries.flatMap((entry) =>
    entry.kind === "call-ended" && entry.record !== undefined
      ? [
          {
            entry,
            record: StepRecord.parse(entry.record),
            phase: begun.get(entry.key)?.phase ?? null,
          },
        ]
      : [],
  );
  const took: Spans = new Map();
  let report: Publications["report"] = null;
  for (const { entry, record } of records) {
    applyRecord(ledger, record);
    if (record.kind === "reported") report = { value: record.value };
    const isOneOfFew = writers(entry) <= pullsMost && workers.size < pullsMost;
    note(workers, { key: entry.key, record, isOneOfFew });
    const startedAt = begun.get(entry.key)?.at ?? entry.at;
    addTo(took, record, { startedAt, endedAt: entry.at });
    for (const { change, commit } of ledger.folds.slice(folds.length)) {
      const reviews = workers.get(change)?.reviews ?? [];
      folds.push({ change, commit, reviewedBy: reviews.map(({ key }) => key) });
    }
  }
  for (const worker of workers.values()) {
    worker.change = ledger.changes.get(worker.change.id) ?? worker.change;
    const span = took.get(worker.change.id);
    if (span !== undefined)
      worker.took = { tokens: span.tokens, ms: span.endedAt - span.startedAt };
  }
  return { ledger, workers: [...workers.values()], folds, report, records };
}

/** How many writers had begun by the time an entry was written: the journal's order is the same for everybody. */
function countWriters(entries: readonly Entry[]): (entry: Entry) => number {
  const begun = new Map<Entry, number>();
  let writers = 0;
  for (const entry of entries) {
    if (entry.kind === "call-started" && entry.step === WRITING_STEP) writers += 1;
    begun.set(entry, writers);
  }
  return (entry) => begun.get(entry) ?? writers;
}

const WRITING_STEP = "change";
const NOTHING: Took = { tokens: 0, ms: 0 };

interface Span {
  startedAt: number;
  endedAt: number;
}
/** By change. */
type Spans = Map<string, Span & { tokens: number }>;

function addTo(spans: Spans, record: StepRecord, { startedAt, endedAt }: Span): void {
  const change = changeOf(record);
  if (change === null) return;
  const known = spans.get(change) ?? { startedAt, endedAt, tokens: 0 };
  spans.set(change, {
    startedAt: Math.min(known.startedAt, startedAt),
    endedAt: Math.max(known.endedAt, endedAt),
    tokens: known.tokens + tokensOf(sumUsage(agentsOf(record))),
  });
}

/** The change that a call was about. */
function changeOf(record: StepRecord): string | null {
  if (record.kind === "changed" || record.kind === "revised") return record.change.id;
  return record.kind === "reviewed" ? record.change : null;
}

function note(
  workers: Map<string, WorkerPublication>,
  { key, record, isOneOfFew }: { key: string; record: StepRecord; isOneOfFew: boolean },
): void {
  if (record.kind === "changed") {
    const change = freshChange(record.change);
    const hasPull = isOneOfFew && !isHiddenRef(change.branch);
    workers.set(change.id, {
      change,
      hasPull,
      reviews: [],
      leftOut: record.leftOut,
      took: NOTHING,
    });
  } else if (record.kind === "reviewed") {
    const worker = workers.get(record.change);
    if (worker === undefined) return;
    const round = new Set(worker.reviews.map(({ reviewed }) => reviewed.head)).add(
      record.head,
    ).size;
    worker.reviews.push({ key, round, base: worker.change.base, reviewed: record });
  } else if (record.kind === "combined") {
    for (const left of record.leftOut) {
      const worker = workers.get(left.id);
      if (worker !== undefined) worker.leftOut = left;
    }
  }
}
