// The options a script passes to a step, checked; a known option of the wrong type is an error in the script.

import { z } from "zod";

import { compileAnswerCheck } from "../agent/answer.ts";
import type { Call } from "../engine/call.ts";
import { StepFailed } from "../engine/errors.ts";
import type { JsonObject } from "../engine/json.ts";
import type { NoteOnce } from "./notes.ts";

/** A schema that no answer can fit is refused before anybody works for it. */
const AnswerSchema = z.record(z.string(), z.json()).superRefine((schema, context) => {
  const compiled = compileAnswerCheck(schema);
  if (!compiled.ok) context.addIssue({ code: "custom", message: compiled.why });
});

/** Who does it: the same three options wherever an agent is asked. */
const staffOptions = {
  model: z.string().nullish(),
  effort: z.enum(["low", "medium", "high", "xhigh", "max"]).nullish(),
  agentType: z.string().nullish(),
};

const agentOptions = {
  prompt: z.unknown().transform(String),
  data: z.record(z.string().min(1).max(200), z.json()).nullish(),
  schema: AnswerSchema.nullish(),
  ...staffOptions,
};

/** `agent(prompt, opts)` of the dialect. */
export const AgentInput = z.object({ ...agentOptions, isolation: z.string().nullish() });
export type AgentInput = z.infer<typeof AgentInput>;

export const ChangeInput = z.object(agentOptions);
export type ChangeInput = z.infer<typeof ChangeInput>;

/** A change as a script hands it back; only its id is believed. */
const ChangeRef = z.object({ id: z.string() });

export const ReviewInput = z.object({
  change: ChangeRef,
  requirement: z.string().optional(),
  lenses: z.array(z.string().min(1).max(200)).min(1).optional(),
  reviewers: z.int().positive().optional(),
  quorum: z.int().positive().optional(),
  ...staffOptions,
});
export type ReviewInput = z.infer<typeof ReviewInput>;

export const ReviseInput = z.object({
  change: ChangeRef,
  findings: z.array(z.json()),
  ...staffOptions,
});
export type ReviseInput = z.infer<typeof ReviseInput>;

export const CombineInput = z.object({
  changes: z.array(ChangeRef.nullable()),
  order: z.enum(["given", "fewest-collisions"]).default("fewest-collisions"),
});

export const VerifyInput = z.object({
  claim: z.json(),
  lenses: z.array(z.string().min(1).max(200)).min(1).optional(),
  reviewers: z.int().positive().optional(),
  quorum: z.int().positive().optional(),
  ...staffOptions,
});
export type VerifyInput = z.infer<typeof VerifyInput>;

export const FilesInput = z.object({ glob: z.string().optional() });
export const ReadInput = z.object({ path: z.string() });
export const SearchInput = z.object({
  pattern: z.string(),
  glob: z.string().optional(),
  limit: z.int().positive().max(1000).optional(),
});
/** A question waits a week unless the script says otherwise, a month at most. */
export const ApproveInput = z.object({
  question: z.string().trim().min(1).max(8_000),
  expiresHours: z.number().positive().max(720).default(168),
});

/** Most repositories' checks are over in an hour. */
export const ChecksInput = z.object({
  change: ChangeRef,
  minutes: z.number().positive().max(360).default(60),
});

export const ShardsInput = z.object({
  files: z.array(z.string().min(1).max(1_000)).max(4_096),
  by: z.enum(["file", "directory", "package", "owner"]).default("directory"),
  most: z.int().positive().max(1_000).default(8),
});

const What = z.string().trim().min(1).max(2_000);
export const KnownInput = z.object({ what: What });
const Paths = z.array(z.string().max(1_000)).max(100_000);
/** What an inventory looked at, as `report()` takes it. */
const InventoryCoverage = z.object({
  inScope: z.int().nonnegative(),
  read: z.int().nonnegative(),
  notRead: Paths.default([]),
  failed: Paths.default([]),
});

export const ProposeInput = z.object({
  what: What,
  coverage: InventoryCoverage.nullish(),
  shards: z
    .array(
      z.object({
        name: z.string().trim().min(1).max(300),
        files: z.array(z.string()).max(4_096),
        change: ChangeRef.nullable(),
      }),
    )
    .max(1_000),
});

export const ReportInput = z.object({ value: z.json() });

const inputs: Readonly<Record<string, z.ZodObject>> = {
  agent: AgentInput,
  change: ChangeInput,
  review: ReviewInput,
  revise: ReviseInput,
  combine: CombineInput,
  verify: VerifyInput,
  checks: ChecksInput,
  "migration.shards": ShardsInput,
  "migration.known": KnownInput,
  "migration.propose": ProposeInput,
  "repo.files": FilesInput,
  "repo.read": ReadInput,
  "repo.search": SearchInput,
  "repo.diff": z.object({}),
  report: ReportInput,
};

/** An option nobody knows is ignored, but it may have been meant as a restriction: the log says so, once. */
export function noteUnknownOptions(noteOnce: NoteOnce, { step, input }: Call): void {
  const known = inputs[step]?.shape ?? {};
  for (const name of Object.keys(input).filter((name) => !Object.hasOwn(known, name))) {
    noteOnce(`option ${name}`, `${step}() has no option \`${name}\`: it is ignored.`);
  }
}

/** Reads a step's input or refuses it in one sentence per mistake. */
export function readInput<T>(schema: z.ZodType<T>, step: string, input: JsonObject): T {
  const read = schema.safeParse(input);
  if (read.success) return read.data;
  const mistakes = read.error.issues.map((issue) => {
    const where = issue.path.length === 0 ? "its argument" : `\`${issue.path.join(".")}\``;
    return `${where}: ${issue.message}`;
  });
  throw new StepFailed(`${step}() cannot use ${mistakes.join("; ")}.`);
}
