// agent(prompt, opts) of the dialect: one agent; its edits go into the trunk, or stay on its own branch.

import { workerTask } from "../agent/tasks/worker.ts";
import type { Call, CallContext, Performed, Settlement, Step } from "../engine/call.ts";
import { StepFailed } from "../engine/errors.ts";
import type { RunContext } from "./context.ts";
import { dataOf, fieldsOf, STAFF_FIELDS } from "./identity.ts";
import { type EarlierEdits, putOn } from "./earlier.ts";
import { land, type Landed, ON_ITS_BRANCH, settle } from "./land.ts";
import { describeChange, workerIdOf } from "./made-change.ts";
import { AgentInput, readInput } from "./options.ts";
import { thrown, value } from "./outcome.ts";
import type { ChangeRecord, StepRecord } from "./records.ts";
import { commitMessage } from "./message.ts";
import { askingFor } from "./resolve.ts";
import { staffFor } from "./staff.ts";
import { work, type Worked } from "./work.ts";
import { workerStep } from "./worker-step.ts";

const FIELDS = ["prompt", "schema", "isolation", ...STAFF_FIELDS];

export function agentStep(context: RunContext): Step {
  return workerStep(
    (input) => ({ ...fieldsOf(input, FIELDS), ...dataOf(input) }),
    (call, _, callContext) => {
      const earlier = context.earlier.editsOf(call.key);
      return earlier === null
        ? perform(context, call, callContext)
        : inItsTurn(context, { call, callContext, earlier });
    },
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
  const parts = workerTask(input);
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
    const settled = settle(context, { change, worker: worked, answer, landed });
    return { ...settled, ...claimed() };
  };
}

interface Again {
  call: Call;
  callContext: CallContext;
  earlier: EarlierEdits;
}

async function inItsTurn(context: RunContext, asked: Again): Promise<Settlement> {
  const { earlier, callContext } = asked;
  const done = await context.earlier.order.turn(earlier.place, callContext.signal);
  return async () => {
    try {
      return await again(context, asked);
    } finally {
      done();
    }
  };
}

/** Edits of an earlier run are put on the trunk as it is now. Where they conflict with it, the agent begins anew. */
async function again(
  context: RunContext,
  { call, callContext, earlier }: Again,
): Promise<Performed> {
  const { answer, worker: receipt, read } = earlier;
  const worker = { receipt, read };
  const put = await putOn(context, earlier.change, messageOf(context, earlier.change));
  if (put.kind === "conflicted") {
    // While it works, other answers wait to be written down; that is rare, and nobody else may move the trunk meanwhile.
    const settlement = await perform(context, call, callContext);
    return typeof settlement === "function" ? await settlement() : settlement;
  }
  const { asking, claimed } = askingFor(call, callContext);
  const change = put.kind === "put" ? put.change : earlier.change;
  const landed = put.kind === "put" ? await land(context, { change, asking }) : inAlready(change);
  return { ...settle(context, { change, worker, answer, landed }), ...claimed() };
}

const inAlready = ({ id }: ChangeRecord): Landed => ({
  ...ON_ITS_BRANCH,
  leftOut: { id, reason: "it is in the trunk already", paths: [] },
});

function messageOf({ run }: RunContext, { id, label, summary }: ChangeRecord): string {
  const title = summary.trim().split("\n", 1)[0] ?? label;
  const { requester } = run;
  return commitMessage({
    run: run.id,
    requester,
    workers: [id],
    title,
    body: summary,
    skipCi: true,
  });
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
