// revise(change, findings): a fresh worker answers the findings on the same branch.

import { ChangeAnswer, changeAnswerSchema } from "../agent/tasks/change.ts";
import { reviserTask } from "../agent/tasks/reviser.ts";
import type { Call, CallContext, Settlement, Step } from "../engine/call.ts";
import { renderDiff } from "../repo/diff-text.ts";
import { unchanged } from "./change-step.ts";
import type { RunContext } from "./context.ts";
import { headOf, knownChange } from "./known-change.ts";
import { applyRecord } from "./ledger.ts";
import { readInput, ReviseInput } from "./options.ts";
import { value } from "./outcome.ts";
import type { StepRecord } from "./records.ts";
import { changeValue, describeChange, work } from "./work.ts";
import { fieldsOf } from "./identity.ts";

const FIELDS = ["findings", "model", "effort"];

export function reviseStep(context: RunContext): Step {
  return {
    identity: (input) => ({ ...fieldsOf(input, FIELDS), change: headOf(input["change"]) }),
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
  const input = readInput(ReviseInput, "revise", call.input);
  const before = knownChange(context.ledger, input.change.id, "revise");
  const diff = renderDiff(await context.mirror.diff(before.base, before.head), {
    maxCharacters: context.limits.diffChars,
  });
  const worked = await work(
    context,
    {
      call,
      from: before.head,
      parts: reviserTask({ requirement: before.requirement, diff, findings: input.findings }),
      editable: true,
      answer: changeAnswerSchema(null),
      choice: context.chooseModel({ model: input.model ?? null, effort: input.effort ?? null }),
    },
    signal,
  );
  if (worked.end.kind === "failed")
    return unchanged(worked, `revise ${before.label}`, worked.end.message);
  const { summary } = ChangeAnswer.parse(worked.end.answer);
  if (worked.commit === null)
    return unchanged(worked, `revise ${before.label}`, `It changed nothing: ${summary}`);
  const head = await worked.commit(summary);
  const { id, base, label, requirement } = before;
  const change = await describeChange(context, {
    id,
    base,
    head,
    label,
    requirement,
    summary: before.summary,
  });
  return async () => {
    const record: StepRecord = {
      kind: "revised",
      agents: [worked.receipt],
      read: worked.read,
      change,
      answers: input.findings.length,
    };
    applyRecord(context.ledger, record);
    return value(changeValue(change, null), record);
  };
}
