// revise(change, findings, opts): a fresh worker answers the findings on the same branch.

import { changeAnswerSchema } from "../agent/tasks/change.ts";
import { reviserTask } from "../agent/tasks/reviser.ts";
import type { Call, Settlement, Step } from "../engine/call.ts";
import { renderDiff } from "../repo/diff-text.ts";
import type { RunContext } from "./context.ts";
import { fieldsOf, STAFF_FIELDS } from "./identity.ts";
import { headOf, knownChange } from "./known-change.ts";
import { applyRecord } from "./ledger.ts";
import { changeValue, describeChange } from "./made-change.ts";
import { readInput, ReviseInput } from "./options.ts";
import { value } from "./outcome.ts";
import type { StepRecord } from "./records.ts";
import { work } from "./work.ts";
import { committed, editorFor, workerStep } from "./worker-step.ts";

const FIELDS = ["findings", ...STAFF_FIELDS];

export function reviseStep(context: RunContext): Step {
  return workerStep(
    (input) => ({ ...fieldsOf(input, FIELDS), change: headOf(input["change"]) }),
    (call, signal) => perform(context, call, signal),
  );
}

async function perform(context: RunContext, call: Call, signal: AbortSignal): Promise<Settlement> {
  const input = readInput(ReviseInput, "revise", call.input);
  const staff = await editorFor(context, "revise", input);
  const before = knownChange(context.ledger, input.change.id, "revise");
  const { id, base, head: from, label, requirement, summary } = before;
  const diff = renderDiff(await context.mirror.diff(base, from), {
    maxCharacters: context.limits.diffChars,
  });
  const parts = reviserTask({ requirement, diff, findings: input.findings });
  const answer = changeAnswerSchema(null);
  const worked = await work(context, { call, from, parts, answer, staff }, signal);
  const made = await committed(worked, `revise ${label}`);
  if (made.kind === "unchanged") return made.performed;
  const { head } = made;
  const change = await describeChange(context, { id, base, head, label, requirement, summary });
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
