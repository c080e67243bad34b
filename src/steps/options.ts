// The options a script passes to a step, checked; a known option of the wrong type is an error in the script.

import { z } from "zod";

import { StepFailed } from "../engine/errors.ts";
import type { JsonObject } from "../engine/json.ts";

const Effort = z.enum(["low", "medium", "high", "xhigh", "max"]);

const JsonSchema = z
  .record(z.string(), z.json())
  .refine((schema) => schema["type"] === "object", 'a schema must have type "object" at its root');

const agentOptions = {
  prompt: z.unknown().transform(String),
  schema: JsonSchema.optional(),
  model: z.string().optional(),
  effort: Effort.optional(),
  agentType: z.string().optional(),
};

/** `agent(prompt, opts)` of the dialect. */
export const AgentInput = z.object({ ...agentOptions, isolation: z.string().optional() });
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
  model: z.string().optional(),
  effort: Effort.optional(),
});
export type ReviewInput = z.infer<typeof ReviewInput>;

export const ReviseInput = z.object({
  change: ChangeRef,
  findings: z.array(z.json()),
  model: z.string().optional(),
  effort: Effort.optional(),
});
export type ReviseInput = z.infer<typeof ReviseInput>;

export const CombineInput = z.object({ changes: z.array(ChangeRef.nullable()) });

export const VerifyInput = z.object({
  claim: z.json(),
  lenses: z.array(z.string().min(1).max(200)).min(1).optional(),
  reviewers: z.int().positive().optional(),
  quorum: z.int().positive().optional(),
  model: z.string().optional(),
  effort: Effort.optional(),
});
export type VerifyInput = z.infer<typeof VerifyInput>;

export const FilesInput = z.object({ glob: z.string().optional() });
export const ReadInput = z.object({ path: z.string() });
export const SearchInput = z.object({
  pattern: z.string(),
  glob: z.string().optional(),
  limit: z.int().positive().max(1000).optional(),
});
export const ReportInput = z.object({ value: z.json() });

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
