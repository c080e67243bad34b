// combine(changes): the gate into the trunk. Only accepted changes pass; what collides stays out, as data.

import type { Call, Settlement, Step } from "../engine/call.ts";
import type { Json } from "../engine/json.ts";
import type { RunContext } from "./context.ts";
import { foldMany } from "./fold.ts";
import { headOf, knownChange } from "./known-change.ts";
import { applyRecord, type Verdict, verdictOf } from "./ledger.ts";
import { CombineInput, readInput } from "./options.ts";
import { value } from "./outcome.ts";
import type { LeftOut, StepRecord } from "./records.ts";

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

/** Runs alone: it moves the trunk from where it stands then, in the order given as far as changes meet. */
export async function foldChanges(context: RunContext, ids: readonly string[]): Promise<Combined> {
  const changes = ids.map((id) => knownChange(context.ledger, id, "combine"));
  const judged = changes.map((change) => ({ change, verdict: verdictOf(change) }));
  const passes = ({ verdict }: { verdict: Verdict }): boolean =>
    verdict === "accepted" || context.combineUnaccepted;
  const accepted = judged.filter(passes).map(({ change }) => change);
  const results = await foldMany(context, accepted);
  const folds = results.flatMap((result) => (result.kind === "folded" ? [result.fold] : []));
  const left = results.flatMap((result) => (result.kind === "left-out" ? [result.leftOut] : []));
  const record: Combined = {
    kind: "combined",
    folds,
    leftOut: [
      ...judged
        .filter((one) => !passes(one))
        .map(({ change: { id }, verdict }) => notAccepted(id, verdict)),
      ...left.filter(({ paths }) => paths.length === 0),
      ...left.filter(({ paths }) => paths.length > 0),
    ],
  };
  applyRecord(context.ledger, record);
  return record;
}

const notAccepted = (id: string, verdict: Verdict): LeftOut => ({
  id,
  reason: `its verdict is ${verdict}, not accepted`,
  paths: [],
});

function valueOf({ folds, leftOut }: Combined): Json {
  const conflicted = leftOut.filter(({ paths }) => paths.length > 0);
  const refused = leftOut.filter(({ paths }) => paths.length === 0);
  return {
    combined: folds.map(({ change }) => change),
    conflicted: conflicted.map(({ id, paths }) => ({ id, paths })),
    refused: refused.map(({ id, reason }) => ({ id, reason })),
  };
}
