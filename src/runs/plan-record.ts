// What a run keeps of its plan: what it was to do and to cost, and what an approval of it is for.

import { z } from "zod";

/** What an approval is for, field by field, so that it can be said which of them changed. */
const Bound = z.object({
  repository: z.int(),
  run: z.string(),
  thread: z.int(),
  script: z.string(),
  args: z.string(),
  branch: z.string(),
  /** The commit that is built upon: a pull request's head, else the base. */
  head: z.string(),
  /** Where workflows and rules are read. */
  rules: z.string(),
  agents: z.number(),
  budgetUsd: z.number().nullable(),
  hours: z.number().nullable().default(null),
  settings: z.string(),
});
export type Bound = z.infer<typeof Bound>;

const Estimate = z.object({
  agents: z.int(),
  /** The number is the same whatever agents answer. */
  exact: z.boolean(),
  /** False when there was no telling: the preview failed inside or took too long. */
  isKnown: z.boolean(),
  lowUsd: z.number(),
  highUsd: z.number(),
  tokens: z.number(),
  phases: z.array(
    z.object({
      title: z.string(),
      agents: z.int(),
      lowUsd: z.number(),
      highUsd: z.number(),
      writes: z.enum(["nothing", "reviews", "branches"]),
    }),
  ),
  /** Why the preview did not come to the script's end; null when it did. */
  trouble: z.string().nullable(),
  /** Set when `lowUsd` and `highUsd` are what so many runs of the same workflow cost here; `preview` is what it said. */
  past: z
    .object({ runs: z.int(), preview: z.object({ lowUsd: z.number(), highUsd: z.number() }) })
    .nullable()
    .default(null),
});
export type Estimate = z.infer<typeof Estimate>;

/** What was going to happen, as it was shown before it did. */
export const PlanRecord = z.object({
  /** SHA-256 of what it is bound to. */
  hash: z.string(),
  bound: Bound,
  estimate: Estimate,
  /** Why it counts as large, each in a few words. */
  large: z.array(z.string()),
  /** Why a person is asked; null when it starts at once. */
  asks: z.string().nullable(),
  /** Page on which its whole script can be read, once it can. */
  readAt: z.string().nullable(),
  /** Nothing it is bound to had changed when it was approved, and its script was started. */
  started: z.boolean(),
});
export type PlanRecord = z.infer<typeof PlanRecord>;

/** The key of a plan's question: no call of a script has it. */
export const planKey = (hash: string): string => `plan:${hash}`;
