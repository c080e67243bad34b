// verify(claim, opts): independent agents try to refute a claim about the code that is not a change.

import { RefuteAnswer, refuteAnswerSchema, refuterTask } from "../agent/tasks/refuter.ts";
import type { Call, CallContext, Performed, Step } from "../engine/call.ts";
import { readInput, VerifyInput } from "./options.ts";
import type { RunContext } from "./context.ts";
import { value } from "./outcome.ts";
import { askPanel, type Ballot } from "./panel.ts";
import type { Vote } from "./records.ts";
import { voters } from "./review-step.ts";
import { tally } from "./votes.ts";
import { fieldsOf, STAFF_FIELDS } from "./identity.ts";
import { staffFor } from "./staff.ts";

const FIELDS = ["claim", "lenses", "reviewers", "quorum", ...STAFF_FIELDS];
const LENSES = ["is it really there, and does it do harm?"];

export function verifyStep(context: RunContext): Step {
  return {
    identity: (input) => fieldsOf(input, FIELDS),
    agents: (input) => votersOf(context, readInput(VerifyInput, "verify", input)).count,
    replay: "recorded",
    perform: (call, callContext) => perform(context, call, callContext),
  };
}

const votersOf = (context: RunContext, input: VerifyInput): ReturnType<typeof voters> =>
  voters({ ...input, lenses: input.lenses ?? LENSES }, context);

async function perform(
  context: RunContext,
  call: Call,
  { signal }: CallContext,
): Promise<Performed> {
  const input = readInput(VerifyInput, "verify", call.input);
  const { lenses, quorum } = votersOf(context, input);
  const claim =
    typeof input.claim === "string" ? input.claim : JSON.stringify(input.claim, null, 2);
  const panel = await askPanel(
    context,
    {
      call,
      lenses,
      files: await context.mirror.snapshot(context.ledger.trunk),
      parts: (lens) => refuterTask({ claim, lens }),
      answer: refuteAnswerSchema,
      staff: await staffFor(context, "verify", input),
    },
    signal,
  );
  const votes = panel.ballots.map(readVote);
  const verdict = ({ for: "confirmed", against: "refuted", undecided: "unverified" } as const)[
    tally(votes, quorum)
  ];
  return value(
    { verdict, votes },
    { kind: "verified", agents: panel.agents, read: panel.read, claim, verdict, votes },
  );
}

function readVote({ lens, answer, reason }: Ballot): Vote {
  const read = RefuteAnswer.safeParse(answer);
  if (!read.success)
    return { lens, vote: "missing", reason: reason ?? "its answer could not be read" };
  return { lens, vote: read.data.refuted ? "against" : "for", reason: read.data.evidence };
}
