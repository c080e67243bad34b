// Several independent agents asked the same question through different lenses: what `review` and `verify` share.

import type { TaskPart } from "../agent/agent.ts";
import type { Json } from "../agent/model.ts";
import type { Call } from "../engine/call.ts";
import type { Snapshot } from "../repo/contract.ts";
import type { RunContext } from "./context.ts";
import { receiptOf } from "./receipt.ts";
import type { AgentReceipt } from "./records.ts";
import { type Staff, staffed } from "./staff.ts";
import { trackReads } from "./track-reads.ts";

export interface Question {
  call: Call;
  /** Number of the first voter among the agents of the call; left out: the voters are all of them. */
  firstIndex?: number;
  lenses: readonly string[];
  files: Snapshot;
  /** The files before the change that is judged; left out: it is no change. */
  before?: Snapshot;
  parts: (lens: string) => readonly TaskPart[];
  answer: { [key: string]: Json };
  staff: Staff;
}

/** One voter's answer, not yet read; null when it was lost, with the reason. */
export type Ballot = { lens: string; answer: Json | null; reason: string | null };

/** Asks all voters side by side; none sees another's answer. */
export async function askPanel(
  context: RunContext,
  question: Question,
  signal: AbortSignal,
): Promise<{ ballots: Ballot[]; agents: AgentReceipt[]; read: string[] }> {
  const tracked = trackReads(question.files);
  const asked = question.lenses.map(async (lens, index) => {
    const label = `${question.call.label ?? question.call.step} · ${lens}`;
    const end = await context.agents.run(
      {
        role: "reviewer",
        task: question.parts(lens),
        files: {
          kind: "read-only",
          from: tracked.files,
          ...(question.before === undefined ? {} : { before: question.before }),
        },
        answer: question.answer,
        ...staffed(question.staff),
        limits: context.limits.agent,
      },
      { call: question.call, index: (question.firstIndex ?? 0) + index, label },
      signal,
    );
    const ballot: Ballot =
      end.kind === "answered"
        ? { lens, answer: end.answer, reason: null }
        : { lens, answer: null, reason: end.message };
    return {
      ballot,
      receipt: receiptOf(end, { role: "reviewer", label, model: question.staff.choice.id }),
    };
  });
  // An agent that may not begin ends the call for now, but never those at work beside it.
  await Promise.allSettled(asked);
  const done = await Promise.all(asked);
  return {
    ballots: done.map(({ ballot }) => ballot),
    agents: done.map(({ receipt }) => receipt),
    read: tracked.read(),
  };
}
