// Reads from an ended run's journal what was folded in, so that a run of the same task can fold it in without paying again.

import type { CallEnded } from "../engine/journal.ts";
import type { Mirror } from "../repo/contract.ts";
import type { Earlier, EarlierEdits, EarlierUnion } from "../steps/earlier.ts";
import { openInOrder } from "../steps/in-order.ts";
import { type AgentReceipt, StepRecord } from "../steps/records.ts";
import type { LiveRun } from "./live.ts";
import { placeOf } from "./names.ts";
import { isOwn } from "./own-entries.ts";
import { type Publications, publicationsOf } from "./publications.ts";
import type { RunRecord } from "./record.ts";

interface Now {
  run: Pick<RunRecord, "id" | "settings">;
  mirror: Pick<Mirror, "has">;
}

/** Only of what is still here: commits may have been cleared away since. */
export async function earlierOf(old: LiveRun, { run, mirror }: Now): Promise<Earlier> {
  const { base, settings } = old.record();
  const edits = new Map<string, EarlierEdits>();
  const unions = new Map<string, EarlierUnion>();
  if (base === null) throw new Error("A run without a base has folded nothing in.");
  const publications = publicationsOf(base.commit, old.entries(), settings);
  for (const [place, entry] of old.entries().entries()) {
    const found = entry.kind === "call-ended" ? editsIn(entry, run) : null;
    if (found === null) continue;
    if (await areHere(mirror, [found.change.base, found.change.head]))
      edits.set(entry.key, { ...found, place });
  }
  for (const union of unionsIn(publications)) {
    if (await areHere(mirror, [union.before, union.fold.commit]))
      unions.set(`${union.fold.change} ${union.fold.head}`, union);
  }
  return {
    order: openInOrder(),
    editsOf: (callKey) => edits.get(callKey) ?? null,
    unionOf: ({ id, head }) => unions.get(`${id} ${head}`) ?? null,
  };
}

/** Of a plain agent that answered, and whose edits are in the trunk, maybe after a conflict. */
function editsIn(entry: CallEnded, run: Now["run"]): Omit<EarlierEdits, "place"> | null {
  if (isOwn(entry) || entry.record === undefined || entry.outcome?.ok !== true) return null;
  const record = StepRecord.parse(entry.record);
  if (record.kind !== "changed" || record.fold === null || record.leftOut !== null) return null;
  const [worker] = record.agents;
  if (worker === undefined || worker.failure !== null) return null;
  const change = { ...record.change, branch: placeOf(run)(record.change.id) };
  return { answer: entry.outcome.value, change, worker: free(worker), read: record.read };
}

function unionsIn({ ledger, records }: Publications): EarlierUnion[] {
  const accepted = records.flatMap(({ record }) =>
    "resolutions" in record ? record.resolutions.filter(({ reason }) => reason === null) : [],
  );
  return ledger.folds.flatMap((fold, at) => {
    const resolution = accepted.find(({ change }) => change === fold.change);
    const before = ledger.folds[at - 1]?.commit ?? ledger.base;
    return resolution === undefined ? [] : [{ before, fold, resolution }];
  });
}

async function areHere(mirror: Now["mirror"], commits: readonly string[]): Promise<boolean> {
  for (const commit of commits) if (!(await mirror.has(commit))) return false;
  return true;
}

/** An agent that another run paid for. */
export const free = (agent: AgentReceipt): AgentReceipt => ({ ...agent, usage: NOTHING });

const NOTHING = {
  inputTokens: 0,
  outputTokens: 0,
  cacheReadTokens: 0,
  cacheWriteTokens: 0,
  costUsd: 0,
};
