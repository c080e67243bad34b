// change(prompt, opts): a worker whose edits are the point, on a branch of its own.

import { ChangeAnswer, changeAnswerSchema, changeTask } from "../agent/tasks/change.ts";
import type { Call, CallContext, Performed, Settlement, Step } from "../engine/call.ts";
import type { Json } from "../engine/json.ts";
import type { RunContext } from "./context.ts";
import { applyRecord } from "./ledger.ts";
import { ChangeInput, readInput } from "./options.ts";
import { value } from "./outcome.ts";
import type { StepRecord } from "./records.ts";
import { changeValue, describeChange, work, type Worked, workerIdOf } from "./work.ts";
import { fieldsOf } from "./identity.ts";

const FIELDS = ["prompt", "schema", "model", "effort", "agentType"];

export function changeStep(context: RunContext): Step {
  return {
    identity: (input) => fieldsOf(input, FIELDS),
    agents: () => 1,
    replay: "recorded",
    perform: (call, callContext) => perform(context, call, callContext),
  };
}

async function perform(
  context: RunContext,
  call: Call,
  { signal }: CallContext,
): Promise<Settlement> {
  const input = readInput(ChangeInput, "change", call.input);
  const from = context.ledger.trunk;
  const worked = await work(
    context,
    {
      call,
      from,
      parts: changeTask({ prompt: input.prompt }),
      editable: true,
      answer: changeAnswerSchema(input.schema ?? null),
      choice: context.chooseModel({ model: input.model ?? null, effort: input.effort ?? null }),
    },
    signal,
  );
  const label = call.label ?? "change";
  if (worked.end.kind === "failed") return unchanged(worked, label, worked.end.message);
  const answer = ChangeAnswer.parse(worked.end.answer);
  if (worked.commit === null)
    return unchanged(worked, label, `It changed nothing: ${answer.summary}`);
  const head = await worked.commit(answer.summary);
  const change = await describeChange(context, {
    id: workerIdOf(call),
    base: from,
    head,
    label,
    requirement: input.prompt,
    summary: answer.summary,
  });
  const result: Json = answer.result ?? null;
  return async () => {
    const record: StepRecord = {
      kind: "changed",
      agents: [worked.receipt],
      read: worked.read,
      change,
      fold: null,
      leftOut: null,
    };
    applyRecord(context.ledger, record);
    return value(changeValue(change, result), record);
  };
}

/** The script gets null; the journal says why. */
export function unchanged(worked: Worked, label: string, reason: string): Performed {
  return value(null, {
    kind: "unchanged",
    agents: [worked.receipt],
    read: worked.read,
    label,
    reason,
  });
}
