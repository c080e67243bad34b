// review(change, opts): independent reviewers try to reject a change; a dead reviewer never means "passed".

import { ReviewAnswer, reviewAnswerSchema, reviewerTask } from "../agent/tasks/reviewer.ts";
import type { Call, CallContext, Settlement, Step } from "../engine/call.ts";
import { StepFailed } from "../engine/errors.ts";
import type { Json } from "../engine/json.ts";
import { commentableLines } from "../repo/diff-lines.ts";
import { renderDiff } from "../repo/diff-text.ts";
import type { FileDiff } from "../repo/git-data.ts";
import type { RunContext } from "./context.ts";
import { mergeFindings } from "./findings.ts";
import { headOf, knownChange } from "./known-change.ts";
import { applyRecord } from "./ledger.ts";
import { readInput, ReviewInput } from "./options.ts";
import { value } from "./outcome.ts";
import { askPanel, type Ballot } from "./panel.ts";
import type { Finding, StepRecord, Vote } from "./records.ts";
import { lensesFor, tally } from "./votes.ts";
import { fieldsOf, STAFF_FIELDS } from "./identity.ts";
import { staffFor } from "./staff.ts";

const FIELDS = ["requirement", "lenses", "reviewers", "quorum", ...STAFF_FIELDS];
const LENSES = ["correctness", "security"];

export function reviewStep(context: RunContext): Step {
  return {
    identity: (input) => ({ ...fieldsOf(input, FIELDS), change: headOf(input["change"]) }),
    agents: (input) => voters(readInput(ReviewInput, "review", input), context).count,
    replay: "recorded",
    perform: (call, callContext) => perform(context, call, callContext),
  };
}

/** How many look, through what, and how many of them must accept. */
export function voters(
  input: {
    lenses?: string[] | undefined;
    reviewers?: number | undefined;
    quorum?: number | undefined;
  },
  { limits }: Pick<RunContext, "limits">,
): { count: number; lenses: string[]; quorum: number } {
  const lenses = input.lenses ?? LENSES;
  const count = input.reviewers ?? lenses.length;
  const quorum = input.quorum ?? count;
  if (count > limits.reviewersMax) {
    throw new StepFailed(
      `At most ${limits.reviewersMax} reviewers look at one thing; ${count} were asked for.`,
    );
  }
  if (quorum > count)
    throw new StepFailed(`A quorum of ${quorum} can never be met by ${count} reviewers.`);
  return { count, lenses: lensesFor(lenses, count), quorum };
}

async function perform(
  context: RunContext,
  call: Call,
  { signal }: CallContext,
): Promise<Settlement> {
  const input = readInput(ReviewInput, "review", call.input);
  const change = knownChange(context.ledger, input.change.id, "review");
  const { head } = change;
  const { lenses, quorum } = voters(input, context);
  const requirement = input.requirement ?? change.requirement;
  const diff = await context.mirror.diff(change.base, head);
  const diffText = renderDiff(diff, { maxCharacters: context.limits.diffChars });
  const rules = context.instructions.about(diff.map(({ path }) => path));
  const panel = await askPanel(
    context,
    {
      call,
      lenses,
      files: await context.mirror.snapshot(head),
      before: await context.mirror.snapshot(change.base),
      parts: (lens) => reviewerTask({ requirement, diff: diffText, rules, lens }),
      answer: reviewAnswerSchema,
      staff: await staffFor(context, "review", input),
    },
    signal,
  );
  const { votes, findings } = readBallots(panel.ballots, diff);
  const verdict = ({ for: "accepted", against: "rejected", undecided: "unverified" } as const)[
    tally(votes, quorum)
  ];
  const record: StepRecord = {
    kind: "reviewed",
    agents: panel.agents,
    read: panel.read,
    change: change.id,
    head,
    verdict,
    findings,
    votes,
    quorum,
  };
  const result: Json = { verdict, findings, votes };
  return async () => {
    applyRecord(context.ledger, record);
    return value(result, record);
  };
}

/** Votes and findings of all reviewers. */
export function readBallots(
  ballots: readonly Ballot[],
  diff: readonly FileDiff[],
): { votes: Vote[]; findings: Finding[] } {
  const votes: Vote[] = [];
  const findings: Finding[][] = [];
  for (const { lens, answer, reason } of ballots) {
    const read = ReviewAnswer.safeParse(answer);
    if (!read.success) {
      votes.push({ lens, vote: "missing", reason: reason ?? "its answer could not be read" });
      continue;
    }
    votes.push(voteOf(lens, read.data));
    findings.push(
      read.data.findings.map((finding) => {
        const suggestion = finding.suggestion ?? null;
        return { ...finding, suggestion, lens, inDiff: isInDiff(diff, finding) };
      }),
    );
  }
  return { votes, findings: mergeFindings(findings) };
}

/** Accepting something with a blocking finding contradicts itself: the finding counts. */
function voteOf(lens: string, { verdict, findings }: ReviewAnswer): Vote {
  const blocks = findings.some(({ severity }) => severity === "blocking");
  const reason =
    verdict === "accept" && blocks ? "it accepts, but one of its findings blocks" : null;
  return { lens, vote: verdict === "accept" && !blocks ? "for" : "against", reason };
}

function isInDiff(
  diff: readonly FileDiff[],
  { path, line }: { path: string; line: number | null },
): boolean {
  const file = diff.find((candidate) => candidate.path === path);
  if (file === undefined || line === null) return false;
  return commentableLines(file).some((place) => place.side === "RIGHT" && place.line === line);
}
