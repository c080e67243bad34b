// What a run is, apart from its journal: `run.json` on disk and in the checkpoint.

import { z } from "zod";

import { RepositoryRef } from "../world/forge.ts";
import { KeptSettings } from "../settings/kept.ts";
import { BranchCheck } from "./branch-check-record.ts";
import { asNow } from "./older-records.ts";
import { PlanRecord } from "./plan-record.ts";

/** Where a run stands. The last four are ends. */
export const RunStatus = z.enum([
  "planning",
  "running",
  "waiting",
  "paused",
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

/** What is gone from GitHub, and what had to stay. */
const Undone = z.object({
  at: z.number(),
  /** Pull requests that are closed now. */
  pulls: z.array(z.int()),
  /** Refs that are deleted, branches among them. */
  refs: z.int(),
  /** Comments that were hidden, those of reviews among them. */
  hidden: z.int(),
  /** Parts of migrations that waited for a pull request. */
  parts: z.int().default(0),
  /** Sentences on what stays and why; Markdown. */
  stays: z.array(z.string()),
});
export type Undone = z.infer<typeof Undone>;

/** What a person's word made of the cap, in US dollars. */
const Raise = z.object({
  key: z.string(),
  outcome: z.object({ from: z.number().nullable(), to: z.number(), goesOn: z.boolean() }),
});

/** Version 1 of `run.json`. It says only what the thread says: anyone who can read the repository can read it. */
const Shape = z.object({
  v: z.literal(1),
  id: z.string(),
  repository: RepositoryRef,
  thread: z.int(),
  isPullRequest: z.boolean(),
  /** The version of Fanfold that began it; null: one that did not say so. */
  begunBy: z.string().nullable().default(null),
  /** Whether only those who were invited see the repository, when the run was last begun or taken up. */
  isPrivate: z.boolean().default(false),
  /** What asked for it and bears its reaction; null where nothing can. */
  said: z.object({ kind: z.enum(["comment", "line", "body"]), id: z.int() }).nullable(),
  /** GitHub's id of the delivery that brought it; null for what nobody said, and of earlier versions. */
  delivery: z.string().nullable().default(null),
  /** The line of a diff that it was asked for on. */
  place: z
    .object({
      path: z.string(),
      line: z.int().nullable(),
      side: z.enum(["LEFT", "RIGHT"]),
      hunk: z.string(),
    })
    .nullable()
    .default(null),
  /** The schedule that started it, and which of its moments; `script` is the only one that may run then. */
  occasion: z
    .object({ schedule: z.string(), tick: z.number(), script: z.string().nullable() })
    .nullable()
    .default(null),
  requester: Person,
  /** The command's own line as it was typed; null where nobody typed one, and of earlier versions. */
  line: z.string().nullable().default(null),
  /** What the person typed after the command, flags taken out. */
  task: z.string(),
  /** Ceilings that the command or the configuration set for this run. */
  limits: z.object({
    agents: z.int().positive(),
    budgetUsd: z.number().positive().nullable(),
    /** How long its script may be driven; null: as long as the settings say. */
    hours: z.number().positive().nullable().default(null),
  }),
  /** Whether its result becomes a draft pull request; if not, it stays on its branch, with a link that opens one. */
  opensPull: z.boolean().default(true),
  /** The result of a run that opens none: its branch, the link, and the words that the pull request would have had. */
  proposal: z
    .object({ branch: z.string(), url: z.string(), text: z.string() })
    .nullable()
    .default(null),
  /** What held in the repository when the run was planned. */
  settings: KeptSettings,
  /** Sentences about how the command was read and what was narrowed. */
  notes: z.array(z.string()).default([]),
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
  /** When its comment was about to be made while it waited for a place; null when its first driver makes it. */
  announcedAt: z.number().nullable().default(null),
  /** Known from the moment the base was pinned. */
  base: z
    .object({
      branch: z.string(),
      commit: z.string(),
      /** The pull request whose head the commit is, where that stands in a fork: nothing is proposed there. */
      fork: z.int().optional(),
      /**
       * Where the diff of the pull request begins; null: nowhere, its branches share no commit. It stays when the pull request is
       * merged or gets another base. Left out for what is no pull request, and by earlier versions.
       */
      diffFrom: z.string().nullable().optional(),
    })
    .nullable(),
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
  /** Asked for by `plan`: it waits, whatever the settings say. */
  waitsForApproval: z.boolean().default(false),
  /** Known from the moment the script was previewed. */
  plan: PlanRecord.nullable().default(null),
  /** Plans of this run that were approved and void by then, and what had changed. */
  voidPlans: z.array(z.object({ hash: z.string(), changes: z.array(z.string()) })).default([]),
  finalPull: z.object({ number: z.int(), url: z.string() }).nullable(),
  questions: z.array(QuestionRecord).default([]),
  branchChecks: z.array(BranchCheck).default([]),
  /** Who asked to stop it; on disk before they are answered, so that a crash in between forgets nothing. */
  cancel: z.object({ by: Person, at: z.number() }).nullable().default(null),
  /**
   * Set while no agent may begin: asked for by a person, or (`by` null) since a cap leaves no room; `why` says it then. From
   * `until` on the run is landed, or goes on where the cap has room again by itself.
   */
  pause: z
    .object({
      by: Person.nullable(),
      at: z.number(),
      why: z.string().nullable(),
      until: z.number().nullable(),
      next: z.enum(["land", "go-on"]).default("land"),
    })
    .nullable()
    .default(null),
  /** Who asked to finish with what there is; null stands for a cap that nobody raised in time. */
  land: z.object({ by: Person.nullable(), at: z.number() }).nullable().default(null),
  /** Who asked to take back what it made on GitHub; `done` is what came of that. */
  undo: z.object({ by: Person, at: z.number(), done: Undone.nullable() }).nullable().default(null),
  /** Workflows that its script was proposed as: each branch, and where the run may have left it. */
  saved: z
    .array(z.object({ branch: z.string(), heads: z.array(z.string()), at: z.number() }))
    .default([]),
  /** Changes of its cap by what was said, the newest last: one comment changes it once. */
  raises: z.array(Raise).default([]),
  /** What other processes told of it that this record holds, by its ids, the newest last: it counts once. */
  heard: z.array(z.string()).default([]),
  /** Its check run: on which commit it stands, and its page. */
  check: z.object({ sha: z.string(), id: z.int(), url: z.string() }).nullable().default(null),
  /** The run whose answers are reused. */
  retryOf: z.string().nullable().default(null),
  /** From when on to see what it left on GitHub; null when nothing is left that would have to be cleared away. */
  tidyAt: z.number().nullable().default(0),
});
export const RunRecord = z.preprocess(asNow, Shape);
export type RunRecord = z.infer<typeof Shape>;

/** What people said to a run. */
export const Words = Shape.pick({
  cancel: true,
  land: true,
  undo: true,
  questions: true,
  saved: true,
});

/** What they may have said of its cap and its pauses besides: a change of some of these. */
export const SaidOfRun = Shape.pick({
  cancel: true,
  pause: true,
  land: true,
  undo: true,
  questions: true,
  limits: true,
  raises: true,
  saved: true,
}).partial();

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
    case "paused":
    case "publishing":
      return false;
  }
}
