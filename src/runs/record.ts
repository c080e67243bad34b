// What a run is, apart from its journal: `run.json` on disk and in the checkpoint.

import { z } from "zod";

import { RepositoryRef } from "../world/forge.ts";

/** Where a run stands. The last four are ends. */
export const RunStatus = z.enum([
  "planning",
  "running",
  "waiting",
  "publishing",
  "completed",
  "degraded",
  "failed",
  "cancelled",
]);
export type RunStatus = z.infer<typeof RunStatus>;

const Person = z.object({ id: z.int(), login: z.string() });

/** A question to people and, once there is one, the decision: on disk before anybody is answered. */
const QuestionRecord = z.object({
  id: z.string(),
  /** Key of the call that asked. */
  key: z.string(),
  text: z.string(),
  askedAt: z.number(),
  expiresAt: z.number(),
  /** Page of its comment. */
  url: z.string().nullable(),
  decision: z
    .object({ approved: z.boolean(), by: z.string().nullable(), comment: z.string() })
    .nullable(),
});
export type QuestionRecord = z.infer<typeof QuestionRecord>;

/** Version 1 of `run.json`. It says only what the thread says: anyone who can read the repository can read it. */
export const RunRecord = z.object({
  v: z.literal(1),
  id: z.string(),
  repository: RepositoryRef,
  thread: z.int(),
  isPullRequest: z.boolean(),
  commentId: z.int(),
  requester: Person,
  /** What the person typed after the command, flags taken out. */
  task: z.string(),
  /** Ceilings that the command or the configuration set for this run. */
  limits: z.object({
    agents: z.int().positive(),
    budgetUsd: z.number().positive().nullable(),
  }),
  /** Branch the person asked for with `--base`, or null for the default (a pull request's own base or head). */
  baseBranch: z.string().nullable(),
  status: RunStatus,
  /** One sentence on how it ended or what it waits for; Markdown. */
  statusDetail: z.string().nullable(),
  /** Milliseconds since 1970. */
  createdAt: z.number(),
  endedAt: z.number().nullable(),
  /** The end stands in the thread and in the checkpoint; until then a restart tells it. */
  endTold: z.boolean(),
  /** Known from the moment the base was pinned. */
  base: z.object({ branch: z.string(), commit: z.string() }).nullable(),
  /** Known from the moment there is a script. */
  script: z
    .object({
      sha256: z.string(),
      workflow: z.string(),
      title: z.string(),
      origin: z.enum(["repository", "built-in", "authored"]),
      phases: z.array(z.string()),
    })
    .nullable(),
  args: z.json().optional(),
  finalPull: z.object({ number: z.int(), url: z.string() }).nullable(),
  questions: z.array(QuestionRecord).default([]),
  /** Who asked to stop it; on disk before they are answered, so that a crash in between forgets nothing. */
  cancel: z.object({ by: Person, at: z.number() }).nullable().default(null),
  /** From when on to see what it left on GitHub; null when nothing is left that would have to be cleared away. */
  tidyAt: z.number().nullable().default(0),
});
export type RunRecord = z.infer<typeof RunRecord>;

export type EndStatus = Extract<RunStatus, "completed" | "degraded" | "failed" | "cancelled">;

/** True for a run that will never move again. */
export function isEnded(status: RunStatus): status is EndStatus {
  switch (status) {
    case "completed":
    case "degraded":
    case "failed":
    case "cancelled":
      return true;
    case "planning":
    case "running":
    case "waiting":
    case "publishing":
      return false;
  }
}
