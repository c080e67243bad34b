// agent(prompt, opts) of the dialect: one agent; its edits go into the trunk, or stay on its own branch.

import { workerTask } from "../agent/tasks/worker.ts";
import type { Call, CallContext, Performed, Settlement, Step } from "../engine/call.ts";
import { StepFailed } from "../engine/errors.ts";
import type { Json } from "../engine/json.ts";
import { requirementsAt, resolveOne, whyNot } from "./combine.ts";
import type { RunContext } from "./context.ts";
import { foldOne } from "./fold.ts";
import { fieldsOf, STAFF_FIELDS } from "./identity.ts";
import { applyRecord, freshChange } from "./ledger.ts";
import { describeChange, workerIdOf } from "./made-change.ts";
import { AgentInput, readInput } from "./options.ts";
import { thrown, value } from "./outcome.ts";
import { type ChangeRecord, StepRecord } from "./records.ts";
import { type Asking, askingFor } from "./resolve.ts";
import { staffFor } from "./staff.ts";
import { work, type Worked } from "./work.ts";
import { workerStep } from "./worker-step.ts";

const FIELDS = ["prompt", "schema", "isolation", ...STAFF_FIELDS];

export function agentStep(context: RunContext): Step {
  return workerStep(
    (input) => fieldsOf(input, FIELDS),
    (call, _, callContext) => perform(context, call, callContext),
  );
}

async function perform(
  context: RunContext,
  call: Call,
  callContext: CallContext,
): Promise<Settlement> {
  const input = readInput(AgentInput, "agent", call.input);
  const isolated = readIsolation(input);
  const staff = await staffFor(context, "agent", input);
  const from = context.ledger.trunk;
  const parts = workerTask({ prompt: input.prompt });
  const worked = await work(
    context,
    { call, from, parts, answer: input.schema ?? null, staff },
    callContext.signal,
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
  return async () => {
    const { asking, claimed } = askingFor(call, callContext);
    const landed = isolated ? ON_ITS_BRANCH : await land(context, { change, asking });
    const settled = settle(context, { change, worked, answer, landed });
    return { ...settled, ...claimed() };
  };
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

/** Where the edits went: into the trunk, maybe after a conflict, or nowhere. */
type Landed = Pick<Changed, "fold" | "leftOut" | "resolutions" | "agents" | "read">;
type Changed = Extract<StepRecord, { kind: "changed" }>;

const ON_ITS_BRANCH: Landed = { fold: null, leftOut: null, resolutions: [], agents: [], read: [] };

/** Runs alone, in journal order: the fold it makes is the next one of the trunk. Who was asked knows both requirements. */
async function land(
  context: RunContext,
  { change: record, asking }: { change: ChangeRecord; asking: Asking },
): Promise<Landed> {
  const result = await foldOne(context, record);
  if (result.kind === "folded") return { ...ON_ITS_BRANCH, fold: result.fold };
  const { leftOut } = result;
  const { paths } = leftOut;
  if (paths.length === 0) return { ...ON_ITS_BRANCH, leftOut };
  const { trunk } = context.ledger;
  const change = freshChange(record);
  const ours = requirementsAt(context, { paths, folds: [] });
  const found = await resolveOne(context, { asking, firstAgent: 1, tip: trunk, change, ours });
  const { fold, resolution, agents, read } = found;
  if (fold !== null) await context.mirror.keep(`${context.run.id}/trunk`, fold.commit);
  const reason = [leftOut.reason, ...whyNot(found)].join("; ");
  return {
    fold,
    leftOut: fold === null ? { ...leftOut, reason } : null,
    resolutions: resolution === null ? [] : [resolution],
    agents,
    read,
  };
}

function settle(
  context: RunContext,
  {
    change,
    worked,
    answer,
    landed,
  }: { change: ChangeRecord; worked: Worked; answer: Json; landed: Landed },
): Performed {
  const record: StepRecord = {
    ...landed,
    kind: "changed",
    agents: [worked.receipt, ...landed.agents],
    read: [...new Set([...worked.read, ...landed.read])],
    change,
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
