// What a run is, apart from its journal: `run.json` on disk and in the checkpoint.

import { z } from "zod";

import { RepositoryRef } from "../world/forge.ts";
import { KeptSettings } from "../settings/kept.ts";
import { asNow } from "./older-records.ts";

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

/** A branch that the repository's own checks were asked about. */
const BranchCheck = z.object({
  /** Key of the call that asked. */
  key: z.string(),
  change: z.string(),
  /** The worker's commit, and the one of the same files that CI is not kept away from. */
  from: z.string(),
  head: z.string(),
  askedAt: z.number(),
  /** No check is waited for longer. */
  until: z.number(),
  /** When GitHub was first seen to have the commit. */
  knownAt: z.number().nullable(),
  /** Since when nothing is pending, and the names of what is there. */
  still: z.object({ at: z.number(), names: z.string() }).nullable(),
  result: z
    .object({
      verdict: z.enum(["passed", "failed", "none", "unfinished", "held"]),
      why: z.string(),
      checks: z.array(
        z.object({
          kind: z.enum(["run", "status"]),
          id: z.int(),
          name: z.string(),
          state: z.enum(["pending", "passed", "failed", "skipped"]),
          said: z.string(),
          url: z.string().nullable(),
          hasLog: z.boolean(),
        }),
      ),
    })
    .nullable(),
});
export type BranchCheck = z.infer<typeof BranchCheck>;

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
const PlanRecord = z.object({
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
export const Words = Shape.pick({ cancel: true, land: true, undo: true, questions: true });

/** What they may have said of its cap and its pauses besides: a change of some of these. */
export const SaidOfRun = Shape.pick({
  cancel: true,
  pause: true,
  land: true,
  undo: true,
  questions: true,
  limits: true,
  raises: true,
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
