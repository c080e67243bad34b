// change(prompt, opts): a worker whose edits are the point, on a branch of its own.

import { changeAnswerSchema, changeTask } from "../agent/tasks/change.ts";
import type { Call, Settlement, Step } from "../engine/call.ts";
import type { RunContext } from "./context.ts";
import { dataOf, fieldsOf, STAFF_FIELDS } from "./identity.ts";
import { applyRecord } from "./ledger.ts";
import { changeValue, describeChange, workerIdOf } from "./made-change.ts";
import { ChangeInput, readInput } from "./options.ts";
import { value } from "./outcome.ts";
import type { StepRecord } from "./records.ts";
import { work } from "./work.ts";
import { committed, editorFor, workerStep } from "./worker-step.ts";

const FIELDS = ["prompt", "schema", ...STAFF_FIELDS];

export function changeStep(context: RunContext): Step {
  return workerStep(
    (input) => ({ ...fieldsOf(input, FIELDS), ...dataOf(input) }),
    (call, signal) => perform(context, call, signal),
  );
}

async function perform(context: RunContext, call: Call, signal: AbortSignal): Promise<Settlement> {
  const input = readInput(ChangeInput, "change", call.input);
  const staff = await editorFor(context, "change", input);
  const from = context.ledger.trunk;
  const parts = changeTask(input);
  const answer = changeAnswerSchema(input.schema ?? null);
  const worked = await work(context, { call, from, parts, answer, staff }, signal);
  const label = call.label ?? "change";
  const made = await committed(worked, label);
  if (made.kind === "unchanged") return made.performed;
  const change = await describeChange(context, {
    id: workerIdOf(call),
    base: from,
    head: made.head,
    label,
    requirement: input.prompt,
    summary: made.summary,
  });
  return async () => {
    const record: StepRecord = {
      kind: "changed",
      agents: [worked.receipt],
      read: worked.read,
      change,
      fold: null,
      leftOut: null,
      resolutions: [],
    };
    applyRecord(context.ledger, record);
    return value(changeValue(change, made.result), record);
  };
}
