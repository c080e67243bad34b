// What a step leaves in the journal for the house: the script never sees it, publisher and reports live on it.

import { z } from "zod";

const Oid = z.string().regex(/^[0-9a-f]{40}$/);

/** Tokens and money of one agent. */
const AgentUsage = z.object({
  inputTokens: z.int(),
  outputTokens: z.int(),
  cacheReadTokens: z.int(),
  cacheWriteTokens: z.int(),
  costUsd: z.number().nullable(),
});

/** One agent that worked for a call: who, how it ended, what it cost. */
export const AgentReceipt = z.object({
  role: z.enum(["worker", "reviewer", "resolver", "synthesizer", "author"]),
  label: z.string(),
  model: z.string(),
  /** Null when it answered, else why not, as a sentence. */
  failure: z.string().nullable(),
  turns: z.int(),
  usage: AgentUsage,
});
export type AgentReceipt = z.infer<typeof AgentReceipt>;

/** What one worker made, as the house keeps it; scripts get `id` and may not be believed about the rest. */
export const ChangeRecord = z.object({
  id: z.string(),
  branch: z.string(),
  /** Commit the worker started from. */
  base: Oid,
  head: Oid,
  label: z.string(),
  requirement: z.string(),
  summary: z.string(),
  files: z.array(z.object({ path: z.string(), additions: z.int(), deletions: z.int() })),
});
export type ChangeRecord = z.infer<typeof ChangeRecord>;

/** What a reviewer says; `inDiff` tells whether GitHub accepts it on its line. */
export const Finding = z.object({
  path: z.string(),
  line: z.int().nullable(),
  severity: z.enum(["blocking", "nit"]),
  title: z.string(),
  claim: z.string(),
  evidence: z.string(),
  lens: z.string(),
  inDiff: z.boolean(),
  /** What is to take the line's place; journals of before there were any hold none. */
  suggestion: z.string().nullable().default(null),
});
export type Finding = z.infer<typeof Finding>;

/** One reviewer's word; `missing` when there is none, and why. */
export const Vote = z.object({
  lens: z.string(),
  vote: z.enum(["for", "against", "missing"]),
  reason: z.string().nullable(),
});
export type Vote = z.infer<typeof Vote>;

/** One change in the trunk: the merge commit and its tree, from which the signed commit is made. */
export const Fold = z.object({ change: z.string(), head: Oid, commit: Oid, tree: Oid });
export type Fold = z.infer<typeof Fold>;

/** A change that stayed out of the trunk, and why. */
export const LeftOut = z.object({ id: z.string(), reason: z.string(), paths: z.array(z.string()) });
export type LeftOut = z.infer<typeof LeftOut>;

/** A conflict that an agent was asked to resolve; `reason` tells why the change stayed out all the same. */
export const Resolution = z.object({
  change: z.string(),
  paths: z.array(z.string()),
  summary: z.string(),
  reason: z.string().nullable(),
  findings: z.array(Finding),
  votes: z.array(Vote),
});
export type Resolution = z.infer<typeof Resolution>;

const common = { agents: z.array(AgentReceipt), read: z.array(z.string()) };

/** A part of a migration whose change is to be proposed by itself. */
export const ProposedShard = z.object({
  name: z.string(),
  files: z.array(z.string()),
  change: z.string(),
  base: Oid,
  head: Oid,
  summary: z.string(),
});
export type ProposedShard = z.infer<typeof ProposedShard>;

/** Version 1 of every record a step leaves. */
export const StepRecord = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("answered"), ...common }),
  /** `folded` is set for a plain `agent()` whose edits went straight into the trunk. */
  z.object({
    kind: z.literal("changed"),
    ...common,
    change: ChangeRecord,
    fold: Fold.nullable(),
    leftOut: LeftOut.nullable(),
    /** Of the conflict that its fold met. */
    resolutions: z.array(Resolution).default([]),
  }),
  z.object({ kind: z.literal("revised"), ...common, change: ChangeRecord, answers: z.int() }),
  z.object({ kind: z.literal("unchanged"), ...common, label: z.string(), reason: z.string() }),
  z.object({
    kind: z.literal("reviewed"),
    ...common,
    change: z.string(),
    head: Oid,
    verdict: z.enum(["accepted", "rejected", "unverified"]),
    findings: z.array(Finding),
    votes: z.array(Vote),
    quorum: z.int(),
  }),
  z.object({
    kind: z.literal("verified"),
    ...common,
    claim: z.string(),
    verdict: z.enum(["confirmed", "refuted", "unverified"]),
    votes: z.array(Vote),
  }),
  /** Journals of before there were resolvers hold no agents here. */
  z.object({
    kind: z.literal("combined"),
    folds: z.array(Fold),
    leftOut: z.array(LeftOut),
    resolutions: z.array(Resolution).default([]),
    agents: z.array(AgentReceipt).default([]),
    read: z.array(z.string()).default([]),
  }),
  z.object({
    kind: z.literal("decided"),
    question: z.string(),
    text: z.string(),
    approved: z.boolean(),
    by: z.string().nullable(),
    comment: z.string(),
  }),
  z.object({
    kind: z.literal("checked"),
    change: z.string(),
    /** The head that was to be looked at, and the commit of the same files that was. */
    from: Oid,
    head: Oid,
    verdict: z.enum(["passed", "failed", "none", "unfinished", "held"]),
    checks: z.array(z.object({ name: z.string(), said: z.string() })),
  }),
  z.object({ kind: z.literal("proposed"), what: z.string(), shards: z.array(ProposedShard) }),
  z.object({ kind: z.literal("listed"), glob: z.string(), files: z.int() }),
  z.object({ kind: z.literal("reported"), value: z.json() }),
]);
export type StepRecord = z.infer<typeof StepRecord>;

/** A record's agents; steps without any give none. */
export function agentsOf(record: StepRecord): readonly AgentReceipt[] {
  return "agents" in record ? record.agents : [];
}
