// A conflict between two changes: one agent sees the conflict and what both were asked, and writes what does both.

import { z } from "zod";

import type { TaskPart } from "../agent.ts";
import { toJsonSchema } from "../json-schema.ts";

export const ResolverAnswer = z.strictObject({
  files: z
    .array(
      z.strictObject({
        path: z.string().min(1).describe("Path of a file in conflict"),
        text: z.string().nullable().describe("The whole file; null removes it"),
      }),
    )
    .describe("Exactly the files in conflict; none when the requirements contradict each other"),
  summary: z
    .string()
    .min(1)
    .describe("How both are served, or why they cannot be, in a sentence or two"),
});
export type ResolverAnswer = z.infer<typeof ResolverAnswer>;

export const resolverAnswerSchema = toJsonSchema(ResolverAnswer);

/** Three sides of one file, null where it does not exist, and its open places in their order. */
interface ShownConflict {
  path: string;
  base: string | null;
  ours: string | null;
  theirs: string | null;
  hunks: readonly { line: number; base: string; ours: string; theirs: string }[];
}

/** Parts of a resolution. The agent has no tools: what it may know is here. */
export function resolverTask(subject: {
  conflicts: readonly ShownConflict[];
  /** What the changes that are in already were asked to do. */
  ours: readonly string[];
  theirs: string;
}): TaskPart[] {
  return [
    {
      kind: "instructions",
      text: "The change called `theirs` is to be folded in where `ours` is in already. Write the files in conflict so that both requirements hold. Each hunk is one open place; `line` is where it begins in `ours`.",
    },
    ...subject.ours.map((text): TaskPart => ({ kind: "data", title: "Requirement of ours", text })),
    { kind: "data", title: "Requirement of theirs", text: subject.theirs },
    ...subject.conflicts.map(({ path, base, ours, theirs, hunks }): TaskPart => ({
      kind: "data",
      title: "Conflict",
      text: JSON.stringify({ path, base, ours, theirs, hunks }, null, 2),
    })),
  ];
}
