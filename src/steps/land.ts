// Edits of a plain agent on their way into the trunk: folded in, united with what they conflict with, or left on their branch.

import type { Performed } from "../engine/call.ts";
import type { Json } from "../engine/json.ts";
import { requirementsAt, resolveOne, whyNot } from "./combine.ts";
import type { RunContext } from "./context.ts";
import { foldOne } from "./fold.ts";
import { applyRecord, freshChange } from "./ledger.ts";
import { value } from "./outcome.ts";
import type { AgentReceipt, ChangeRecord, StepRecord } from "./records.ts";
import type { Asking } from "./resolve.ts";

/** Where the edits went: into the trunk, maybe after a conflict, or nowhere. */
export type Landed = Pick<Changed, "fold" | "leftOut" | "resolutions" | "agents" | "read">;
type Changed = Extract<StepRecord, { kind: "changed" }>;

export const ON_ITS_BRANCH: Landed = {
  fold: null,
  leftOut: null,
  resolutions: [],
  agents: [],
  read: [],
};

/** Runs alone, in journal order: the fold it makes is the next one of the trunk. Who was asked knows both requirements. */
export async function land(
  context: RunContext,
  { change: record, asking }: { change: ChangeRecord; asking: Asking },
): Promise<Landed> {
  const result = await foldOne(context, record);
  if (result.kind === "folded") return { ...ON_ITS_BRANCH, fold: result.fold };
  const { leftOut } = result;
  const { paths } = leftOut;
  if (paths.length === 0) return { ...ON_ITS_BRANCH, leftOut };
  const { trunk } = context.ledger;
  const change = freshChange(record);
  const ours = requirementsAt(context, { paths, folds: [] });
  const found = await resolveOne(context, { asking, firstAgent: 1, tip: trunk, change, ours });
  const { fold, resolution, agents, read } = found;
  if (fold !== null) await context.mirror.keep(`${context.run.id}/trunk`, fold.commit);
  const reason = [leftOut.reason, ...whyNot(found)].join("; ");
  return {
    fold,
    leftOut: fold === null ? { ...leftOut, reason } : null,
    resolutions: resolution === null ? [] : [resolution],
    agents,
    read,
  };
}

/** Who made it, and from what. */
interface Worker {
  receipt: AgentReceipt;
  read: readonly string[];
}

export function settle(
  context: RunContext,
  {
    change,
    worker,
    answer,
    landed,
  }: { change: ChangeRecord; worker: Worker; answer: Json; landed: Landed },
): Performed {
  const record: StepRecord = {
    ...landed,
    kind: "changed",
    agents: [worker.receipt, ...landed.agents],
    read: [...new Set([...worker.read, ...landed.read])],
    change,
  };
  applyRecord(context.ledger, record);
  if (record.leftOut !== null) {
    context.emit({
      kind: "logged",
      message: `${change.label}: ${record.leftOut.reason}; its edits are on ${change.branch}`,
    });
  }
  return value(answer, record);
}
