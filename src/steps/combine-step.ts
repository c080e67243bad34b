// combine(changes): the gate into the trunk. Only accepted changes pass; what collides stays out, as data.

import type { Call, Settlement, Step } from "../engine/call.ts";
import type { Json } from "../engine/json.ts";
import type { RunContext } from "./context.ts";
import { foldOne } from "./fold.ts";
import { headOf, knownChange } from "./known-change.ts";
import { applyRecord, verdictOf } from "./ledger.ts";
import { CombineInput, readInput } from "./options.ts";
import { value } from "./outcome.ts";
import type { Fold, LeftOut, StepRecord } from "./records.ts";

export function combineStep(context: RunContext): Step {
  return {
    identity: ({ changes }) => ({ changes: Array.isArray(changes) ? changes.map(headOf) : null }),
    agents: () => 0,
    replay: "recorded",
    perform: (call) => perform(context, call),
  };
}

async function perform(context: RunContext, call: Call): Promise<Settlement> {
  const { changes } = readInput(CombineInput, "combine", call.input);
  const ids = [...new Set(changes.flatMap((change) => (change === null ? [] : [change.id])))];
  for (const id of ids) knownChange(context.ledger, id, "combine");
  return async () => {
    const record = await foldChanges(context, ids);
    return value(valueOf(record), record);
  };
}

type Combined = Extract<StepRecord, { kind: "combined" }>;

/** Runs alone: it moves the trunk from where it stands then, in the order given. */
export async function foldChanges(context: RunContext, ids: readonly string[]): Promise<Combined> {
  const folds: Fold[] = [];
  const refused: LeftOut[] = [];
  const conflicted: LeftOut[] = [];
  for (const id of ids) {
    const change = knownChange(context.ledger, id, "combine");
    const verdict = verdictOf(change);
    if (verdict !== "accepted" && !context.combineUnaccepted) {
      refused.push({ id, reason: `its verdict is ${verdict}, not accepted`, paths: [] });
      continue;
    }
    const result = await foldOne(context, change, folds.at(-1)?.commit);
    if (result.kind === "folded") folds.push(result.fold);
    else if (result.leftOut.paths.length > 0) conflicted.push(result.leftOut);
    else refused.push(result.leftOut);
  }
  const record: Combined = { kind: "combined", folds, leftOut: [...refused, ...conflicted] };
  applyRecord(context.ledger, record);
  return record;
}

function valueOf({ folds, leftOut }: Combined): Json {
  const conflicted = leftOut.filter(({ paths }) => paths.length > 0);
  const refused = leftOut.filter(({ paths }) => paths.length === 0);
  return {
    combined: folds.map(({ change }) => change),
    conflicted: conflicted.map(({ id, paths }) => ({ id, paths })),
    refused: refused.map(({ id, reason }) => ({ id, reason })),
  };
}
