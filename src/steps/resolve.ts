// Conflicts that git cannot merge: a resolver agent writes what does both, code checks it, a reviewer tries to reject it.

import { ResolverAnswer, resolverAnswerSchema, resolverTask } from "../agent/tasks/resolver.ts";
import { reviewAnswerSchema, reviewerTask } from "../agent/tasks/reviewer.ts";
import type { Call, CallContext } from "../engine/call.ts";
import { renderDiff } from "../repo/diff-text.ts";
import type { Conflict, Oid } from "../repo/git-data.ts";
import { checkResolution, isResolvable } from "./check-resolution.ts";
import type { RunContext } from "./context.ts";
import { uniteAsBefore } from "./earlier.ts";
import { foldMessage } from "./fold.ts";
import type { ChangeState } from "./ledger.ts";
import { askPanel } from "./panel.ts";
import { receiptOf } from "./receipt.ts";
import type { AgentReceipt, Fold, Resolution } from "./records.ts";
import { readBallots } from "./review-step.ts";
import { type Staff, staffed, staffFor } from "./staff.ts";
import { tally } from "./votes.ts";

/** Who asks, and for how long. */
export interface Asking {
  call: Call;
  signal: AbortSignal;
  /** Counts so many agents more against the run's ceiling; false when it leaves no room. */
  claim: (agents: number) => boolean;
}

/** The same, for a call's context; knows what was counted. */
export function askingFor(
  call: Call,
  { signal, claim }: CallContext,
): { asking: Asking; claimed: () => { moreAgents?: number } } {
  let moreAgents = 0;
  const counting = (agents: number): boolean => {
    const isRoom = claim(agents);
    if (isRoom) moreAgents += agents;
    return isRoom;
  };
  return {
    asking: { call, signal, claim: counting },
    claimed: () => (moreAgents === 0 ? {} : { moreAgents }),
  };
}

/** What became of one conflict. */
export interface Resolving {
  /** Null: it stays out. */
  fold: Fold | null;
  /** Null: no agent could be asked. */
  resolution: Resolution | null;
  /** Why none could be, as the end of a sentence, where people can do something about it. */
  unasked: string | null;
  agents: AgentReceipt[];
  read: string[];
}

interface Open {
  asking: Asking;
  /** Number of the first agent of it within the call. */
  firstAgent: number;
  /** Where the trunk is to go on. */
  tip: Oid;
  change: ChangeState;
  conflicts: readonly Conflict[];
  /** What the changes that are in and touched the same files were asked. */
  ours: readonly string[];
}

const LENS = "both requirements hold after the merge";
const OURS_MAX = 10;

/** Agents that one conflict takes at most, so that each has a number of its own. */
export const AGENTS_PER_CONFLICT = 2;

export const NOBODY: Resolving = {
  fold: null,
  resolution: null,
  unasked: null,
  agents: [],
  read: [],
};

/** Runs alone, like the fold it makes. */
export async function resolveConflict(context: RunContext, open: Open): Promise<Resolving> {
  const before = await uniteAsBefore(context, open);
  if (before !== null) return { ...NOBODY, ...before };
  const parts = resolverTask({
    conflicts: open.conflicts,
    ours: open.ours.slice(0, OURS_MAX),
    theirs: open.change.requirement,
  });
  const length = parts.reduce((sum, { text }) => sum + text.length, 0);
  if (!open.conflicts.every(isResolvable) || length > context.limits.diffChars) return NOBODY;
  if (!open.asking.claim(AGENTS_PER_CONFLICT)) {
    return { ...NOBODY, unasked: "the run's limit of agents leaves none to resolve it" };
  }
  const staff = await staffFor(context, "combine", {});
  const { conflicts, change, tip } = open;
  const resolved = await askResolver(context, { open, staff, parts });
  const paths = conflicts.map(({ path }) => path);
  const { summary, receipt } = resolved;
  const stays = (reason: string): Resolving => ({
    ...NOBODY,
    resolution: { change: change.id, paths, summary, reason, findings: [], votes: [] },
    agents: [receipt],
  });
  if (resolved.checked.kind === "refused") return stays(resolved.checked.reason);
  const { run, mirror, now } = context;
  const merged = await mirror.foldResolved({
    ours: tip,
    theirs: change.head,
    conflicts,
    resolved: resolved.checked.edits,
    message: foldMessage(run.id, change.id),
    author: run.author,
    at: now(),
  });
  if (merged === null) return stays("git could not make the merge of it");
  const reviewed = await reviewMerge(context, { open, staff, commit: merged.commit });
  const { votes, findings, agents, read } = reviewed;
  const reason = rejection(reviewed);
  const fold = { change: change.id, head: change.head, ...merged };
  return {
    ...NOBODY,
    fold: reason === null ? fold : null,
    resolution: { change: change.id, paths, summary, reason, findings, votes },
    agents: [receipt, ...agents],
    read,
  };
}

/** Null when its reviewer accepts it. */
function rejection({ votes, findings }: Pick<Resolution, "votes" | "findings">): string | null {
  switch (tally(votes, votes.length)) {
    case "for":
      return null;
    case "against":
      return `its reviewer rejected it: ${findings[0]?.title ?? "without a finding"}`;
    case "undecided":
      return `its reviewer gave no answer: ${votes[0]?.reason ?? "none"}`;
  }
}

async function askResolver(
  { agents, limits }: RunContext,
  { open, staff, parts }: { open: Open; staff: Staff; parts: ReturnType<typeof resolverTask> },
): Promise<{
  checked: ReturnType<typeof checkResolution>;
  summary: string;
  receipt: AgentReceipt;
}> {
  const { call, signal } = open.asking;
  const label = `resolve ${open.change.label}`;
  const end = await agents.run(
    {
      role: "resolver",
      task: parts,
      files: null,
      answer: resolverAnswerSchema,
      ...staffed(staff),
      limits: limits.agent,
    },
    { call, index: open.firstAgent, label },
    signal,
  );
  const receipt = receiptOf(end, { role: "resolver", label, model: staff.choice.id });
  if (end.kind === "failed") {
    const reason = `its resolver failed: ${end.message}`;
    return { checked: { kind: "refused", reason }, summary: "", receipt };
  }
  const answer = ResolverAnswer.parse(end.answer);
  const checked = checkResolution(answer, open.conflicts);
  return { checked, summary: answer.summary, receipt };
}

/** The reviewer sees what the merge does to the trunk, and both requirements; never what the resolver says. */
async function reviewMerge(
  context: RunContext,
  { open, staff, commit }: { open: Open; staff: Staff; commit: Oid },
) {
  const diff = await context.mirror.diff(open.tip, commit);
  const diffText = renderDiff(diff, { maxCharacters: context.limits.diffChars });
  const requirement = [
    "Two changes met in the same lines and were united. Both must hold:",
    open.change.requirement,
    ...open.ours.slice(0, OURS_MAX),
  ].join("\n\n---\n\n");
  const { call, signal } = open.asking;
  const panel = await askPanel(
    context,
    {
      call: { ...call, label: `resolve ${open.change.label}` },
      firstIndex: open.firstAgent + 1,
      lenses: [LENS],
      files: await context.mirror.snapshot(commit),
      before: await context.mirror.snapshot(open.tip),
      parts: (lens) =>
        reviewerTask({
          requirement,
          diff: diffText,
          rules: context.instructions.about(diff.map(({ path }) => path)),
          lens,
        }),
      answer: reviewAnswerSchema,
      staff,
    },
    signal,
  );
  const { votes, findings } = readBallots(panel.ballots, diff);
  return { votes, findings, agents: panel.agents, read: panel.read };
}
