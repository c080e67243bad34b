// approve(question): a person decides, hours or days later; the run holds nothing while it waits.

import type { Call, CallContext, Settlement, Step } from "../engine/call.ts";
import type { RunContext } from "./context.ts";
import { fieldsOf } from "./identity.ts";
import { ApproveInput, readInput } from "./options.ts";
import { value } from "./outcome.ts";

const HOUR_MS = 60 * 60_000;

export function approveStep(context: RunContext): Step {
  return {
    identity: (input) => fieldsOf(input, ["question", "expiresHours"]),
    agents: () => 0,
    replay: "recorded",
    perform: (call, callContext) => perform(context, call, callContext),
  };
}

async function perform(
  { questions }: RunContext,
  call: Call,
  { signal, parked }: CallContext,
): Promise<Settlement> {
  const { question: text, expiresHours } = readInput(ApproveInput, "approve", call.input);
  const expiresMs = expiresHours * HOUR_MS;
  const asked = await questions.ask({ key: call.key, text, expiresMs }, signal);
  const { id } = asked;
  const { approved, by, comment } = asked.decision ?? (await parked(asked.decided()));
  await questions.close(id, signal);
  return value(
    { approved, by, comment },
    { kind: "decided", question: id, text, approved, by, comment },
  );
}
