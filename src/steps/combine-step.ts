// combine(changes): the gate into the trunk. Only accepted changes pass; what collides and cannot be resolved stays out.

import type { Call, CallContext, Settlement, Step } from "../engine/call.ts";
import type { Json } from "../engine/json.ts";
import { type Combined, foldChanges } from "./combine.ts";
import type { RunContext } from "./context.ts";
import { headOf, knownChange } from "./known-change.ts";
import { CombineInput, readInput } from "./options.ts";
import { value } from "./outcome.ts";
import { askingFor } from "./resolve.ts";

export function combineStep(context: RunContext): Step {
  return {
    identity: ({ changes, order }) => ({
      ...(order === undefined ? {} : { order }),
      changes: Array.isArray(changes) ? changes.map(headOf) : null,
    }),
    // Nobody knows before whether anything collides.
    agents: () => 0,
    replay: "recorded",
    perform: (call, callContext) => perform(context, call, callContext),
  };
}

async function perform(
  context: RunContext,
  call: Call,
  callContext: CallContext,
): Promise<Settlement> {
  const { changes, order } = readInput(CombineInput, "combine", call.input);
  const ids = [...new Set(changes.flatMap((change) => (change === null ? [] : [change.id])))];
  for (const id of ids) knownChange(context.ledger, id, "combine");
  return async () => {
    const { asking, claimed } = askingFor(call, callContext);
    const record = await foldChanges(context, { ids, order, asking });
    return { ...value(valueOf(record), record), ...claimed() };
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
