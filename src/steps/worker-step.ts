// What `agent`, `change` and `revise` have in common as steps: one worker, kept in the journal; its answer about a change.

import { ChangeAnswer } from "../agent/tasks/change.ts";
import type { Call, CallContext, Performed, Settlement, Step } from "../engine/call.ts";
import { StepFailed } from "../engine/errors.ts";
import type { Json, JsonObject } from "../engine/json.ts";
import type { Oid } from "../repo/git-data.ts";
import { mayEdit } from "./agent-types/agent-type.ts";
import type { RunContext } from "./context.ts";
import { value } from "./outcome.ts";
import { type Staff, staffFor, type Wanted } from "./staff.ts";
import type { Worked } from "./work.ts";

/** A step that starts exactly one agent. */
export function workerStep(
  identity: (input: JsonObject) => Json,
  perform: (call: Call, signal: AbortSignal, context: CallContext) => Promise<Settlement>,
): Step {
  return {
    identity,
    agents: () => 1,
    replay: "recorded",
    perform: (call: Call, context: CallContext) => perform(call, context.signal, context),
  };
}

/** Staff for a step whose edits are the point: a type that only reads cannot do it. */
export async function editorFor(context: RunContext, step: string, wanted: Wanted): Promise<Staff> {
  const staff = await staffFor(context, step, wanted);
  if (mayEdit(staff.type)) return staff;
  throw new StepFailed(
    `${step}() needs an agentType that may edit, and "${staff.type.name}" only reads. Use agent() for it, or another type.`,
  );
}

/** The worker's commit and what it says of it; or, when there is none, what the journal keeps and why. */
export type Committed =
  | { kind: "committed"; head: Oid; summary: string; result: Json }
  | { kind: "unchanged"; performed: Performed };

export async function committed(worked: Worked, label: string): Promise<Committed> {
  if (worked.end.kind === "failed") return unchanged(worked, label, worked.end.message);
  const { summary, result } = ChangeAnswer.parse(worked.end.answer);
  if (worked.commit === null) return unchanged(worked, label, `It changed nothing: ${summary}`);
  return { kind: "committed", head: await worked.commit(summary), summary, result: result ?? null };
}

/** The script gets null; the journal says why. */
function unchanged({ receipt, read }: Worked, label: string, reason: string): Committed {
  const record = { kind: "unchanged" as const, agents: [receipt], read, label, reason };
  return { kind: "unchanged", performed: value(null, record) };
}
