// agent(prompt, opts) of the dialect: one agent; its edits go into the trunk, or stay on its own branch.

import { workerTask } from "../agent/tasks/worker.ts";
import type { Call, Performed, Settlement, Step } from "../engine/call.ts";
import { StepFailed } from "../engine/errors.ts";
import type { Json } from "../engine/json.ts";
import type { RunContext } from "./context.ts";
import { foldOne } from "./fold.ts";
import { fieldsOf, STAFF_FIELDS } from "./identity.ts";
import { applyRecord } from "./ledger.ts";
import { describeChange, workerIdOf } from "./made-change.ts";
import { AgentInput, readInput } from "./options.ts";
import { thrown, value } from "./outcome.ts";
import { type ChangeRecord, StepRecord } from "./records.ts";
import { staffFor } from "./staff.ts";
import { work, type Worked } from "./work.ts";
import { workerStep } from "./worker-step.ts";

const FIELDS = ["prompt", "schema", "isolation", ...STAFF_FIELDS];

export function agentStep(context: RunContext): Step {
  return workerStep(
    (input) => fieldsOf(input, FIELDS),
    (call, signal) => perform(context, call, signal),
  );
}

async function perform(context: RunContext, call: Call, signal: AbortSignal): Promise<Settlement> {
  const input = readInput(AgentInput, "agent", call.input);
  const isolated = readIsolation(input);
  const staff = await staffFor(context, "agent", input);
  const from = context.ledger.trunk;
  const parts = workerTask({ prompt: input.prompt });
  const worked = await work(
    context,
    { call, from, parts, answer: input.schema ?? null, staff },
    signal,
  );
  if (worked.end.kind === "failed") return failed(worked);
  const { answer } = worked.end;
  const { commit } = worked;
  if (commit === null) {
    return value(answer, { kind: "answered", agents: [worked.receipt], read: worked.read });
  }
  const label = call.label ?? "agent";
  const summary = typeof answer === "string" ? answer : label;
  const change = await describeChange(context, {
    id: workerIdOf(call),
    base: from,
    head: await commit(summary),
    label,
    requirement: input.prompt,
    summary,
  });
  return () => settle(context, { change, worked, answer, isolated });
}

function readIsolation({ isolation }: AgentInput): boolean {
  if (isolation == null) return false;
  if (isolation === "worktree") return true;
  throw new StepFailed(
    `agent() knows the isolation "worktree"; "${isolation}" is not available here.`,
  );
}

/** The dialect's rule: a schema that was never met throws, every other loss is null. */
function failed({ end, receipt, read }: Worked): Performed {
  const record: StepRecord = { kind: "answered", agents: [receipt], read };
  if (end.kind === "failed" && end.failure === "answer-does-not-fit")
    return thrown(end.message, record);
  return value(null, record);
}

/** Runs alone, in journal order: the fold it makes is the next one of the trunk. */
async function settle(
  context: RunContext,
  {
    change,
    worked,
    answer,
    isolated,
  }: { change: ChangeRecord; worked: Worked; answer: Json; isolated: boolean },
): Promise<Performed> {
  const result = isolated ? null : await foldOne(context, change);
  const record: StepRecord = {
    kind: "changed",
    agents: [worked.receipt],
    read: worked.read,
    change,
    fold: result?.kind === "folded" ? result.fold : null,
    leftOut: result?.kind === "left-out" ? result.leftOut : null,
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
