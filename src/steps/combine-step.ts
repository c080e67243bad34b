// combine(changes): the gate into the trunk. Only accepted changes pass; what collides and cannot be resolved stays out.

import type { Call, Settlement, Step } from "../engine/call.ts";
import type { Json } from "../engine/json.ts";
import { type Combined, foldChanges } from "./combine.ts";
import type { RunContext } from "./context.ts";
import { headOf, knownChange } from "./known-change.ts";
import { CombineInput, readInput } from "./options.ts";
import { value } from "./outcome.ts";

export function combineStep(context: RunContext): Step {
  return {
    identity: ({ changes, order }) => ({
      ...(order === undefined ? {} : { order }),
      changes: Array.isArray(changes) ? changes.map(headOf) : null,
    }),
    // Nobody knows before whether anything collides.
    agents: () => 0,
    replay: "recorded",
    perform: (call, { signal }) => perform(context, call, signal),
  };
}

async function perform(context: RunContext, call: Call, signal: AbortSignal): Promise<Settlement> {
  const { changes, order } = readInput(CombineInput, "combine", call.input);
  const ids = [...new Set(changes.flatMap((change) => (change === null ? [] : [change.id])))];
  for (const id of ids) knownChange(context.ledger, id, "combine");
  return async () => {
    const record = await foldChanges(context, { ids, order, asking: { call, signal } });
    return value(valueOf(record), record);
  };
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
