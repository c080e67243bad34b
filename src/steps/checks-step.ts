// checks(change): the repository's own CI looks at a change, and the step waits for what it says; no model is asked.

import type { Call, CallContext, Settlement, Step } from "../engine/call.ts";
import type { Oid } from "../repo/git-data.ts";
import { type CheckedBranch, endOfLog } from "./checked.ts";
import type { RunContext } from "./context.ts";
import { headOf, knownChange } from "./known-change.ts";
import { applyRecord, type ChangeState } from "./ledger.ts";
import { commitMessage } from "./message.ts";
import { ChecksInput, readInput } from "./options.ts";
import { value } from "./outcome.ts";
import type { StepRecord } from "./records.ts";

const MINUTE_MS = 60_000;

export function checksStep(context: RunContext): Step {
  return {
    identity: ({ change, minutes }) => ({ change: headOf(change), minutes: minutes ?? null }),
    agents: () => 0,
    replay: "recorded",
    perform: (call, callContext) => perform(context, call, callContext),
  };
}

async function perform(
  context: RunContext,
  call: Call,
  { signal, parked, startedAt }: CallContext,
): Promise<Settlement> {
  const input = readInput(ChecksInput, "checks", call.input);
  const change = knownChange(context.ledger, input.change.id, "checks");
  const asked = await context.checks.ask(
    {
      key: call.key,
      change,
      waitMs: input.minutes * MINUTE_MS,
      release: () => release(context, change, startedAt),
    },
    signal,
  );
  const found = asked.result ?? (await parked(asked.result === null ? asked.over() : never()));
  const checks = await withLogs(context, found);
  const { head, verdict, why } = found;
  const record: StepRecord = {
    kind: "checked",
    change: change.id,
    from: change.head,
    head,
    verdict,
    checks: found.checks.map(({ name, said }) => ({ name, said })),
  };
  return async () => {
    applyRecord(context.ledger, record);
    return value({ verdict, why, head, checks }, record);
  };
}

const never = (): Promise<CheckedBranch> => Promise.reject(new Error("It is answered already."));

/**
 * A commit that changes nothing on top of the worker's, whose message keeps CI away. The same one whenever the call is
 * performed again; what reviewers saw stays a part of the branch.
 */
async function release(
  { mirror, run }: RunContext,
  { id, head }: ChangeState,
  at: number,
): Promise<Oid> {
  const message = commitMessage({
    run: run.id,
    requester: run.requester,
    workers: [id],
    title: "Let the checks of this repository run",
    body: "",
    skipCi: false,
  });
  const { author } = run;
  const released = await mirror.commitFiles({
    parent: head,
    files: new Map(),
    message,
    author,
    at,
  });
  await mirror.keep(`${run.id}/${id}-checked`, released);
  return released;
}

/** The ends of the first logs of those that failed; the others are named. */
async function withLogs({ checks, limits }: RunContext, { checks: all }: CheckedBranch) {
  let read = 0;
  const shown = [];
  for (const check of all) {
    const { name, state, said, url } = check;
    const isRead = state === "failed" && read < limits.checkLogs;
    read += isRead ? 1 : 0;
    const text = isRead ? await checks.endOf(check) : null;
    const log = text === null ? null : endOfLog(text, limits.checkLogChars);
    shown.push({ name, state, said, url, log });
  }
  return shown;
}
