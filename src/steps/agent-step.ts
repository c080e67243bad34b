// agent(prompt, opts) of the dialect: one agent; its edits go into the trunk, or stay on its own branch.

import { workerTask } from "../agent/tasks/worker.ts";
import type { Call, CallContext, Performed, Settlement, Step } from "../engine/call.ts";
import { StepFailed } from "../engine/errors.ts";
import type { Json } from "../engine/json.ts";
import { readAgentType } from "./agent-types.ts";
import type { RunContext } from "./context.ts";
import { foldOne } from "./fold.ts";
import { applyRecord } from "./ledger.ts";
import { AgentInput, readInput } from "./options.ts";
import { thrown, value } from "./outcome.ts";
import { type ChangeRecord, StepRecord } from "./records.ts";
import { describeChange, work, type Worked, workerIdOf } from "./work.ts";
import { fieldsOf } from "./identity.ts";

const FIELDS = ["prompt", "schema", "model", "effort", "agentType", "isolation"];

export function agentStep(context: RunContext): Step {
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
  const input = readInput(AgentInput, "agent", call.input);
  if (input.isolation !== undefined && input.isolation !== "worktree") {
    throw new StepFailed(
      `agent() knows the isolation "worktree"; "${input.isolation}" is not available here.`,
    );
  }
  const type = readAgentType(input.agentType);
  const from = context.ledger.trunk;
  const worked = await work(
    context,
    {
      call,
      from,
      parts: workerTask({ prompt: input.prompt }),
      editable: type.edits,
      answer: input.schema ?? null,
      choice: context.chooseModel({ model: input.model ?? null, effort: input.effort ?? null }),
    },
    signal,
  );
  if (worked.end.kind === "failed") return failed(worked);
  const answer = worked.end.answer;
  const { commit } = worked;
  if (commit === null) {
    return value(answer, { kind: "answered", agents: [worked.receipt], read: worked.read });
  }
  const summary = typeof answer === "string" ? answer : (call.label ?? "agent");
  const head = await commit(summary);
  const change = await describeChange(context, {
    id: workerIdOf(call),
    base: from,
    head,
    label: call.label ?? "agent",
    requirement: input.prompt,
    summary,
  });
  return () =>
    settle(context, { change, worked, answer, isolated: input.isolation === "worktree" });
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
