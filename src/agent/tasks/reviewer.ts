// review(change): one reviewer, one lens, the requirement and the diff; never the worker's words.

import { z } from "zod";

import type { TaskPart } from "../agent.ts";
import { toJsonSchema } from "../json-schema.ts";

const Finding = z.strictObject({
  path: z.string().min(1).describe("Path of the file, as in the diff"),
  line: z.int().min(1).describe("Line in the new version of the file"),
  severity: z.enum(["blocking", "nit"]),
  title: z.string().min(1).describe("What is wrong, in one short line"),
  claim: z.string().min(1).describe("What goes wrong for which input, and what would be right"),
  evidence: z.string().min(1).describe("The code that proves it, quoted, with its place"),
  suggestion: z
    .string()
    .optional()
    .describe(
      "The text that takes this one line's place and settles the finding, indented as it has to be. Left out when anything else has to change as well",
    ),
});

/** A reviewer's word. `accept` with a blocking finding, or `reject` without one, is for the step to judge. */
export const ReviewAnswer = z.strictObject({
  verdict: z.enum(["accept", "reject"]),
  findings: z.array(Finding),
});
export type ReviewAnswer = z.infer<typeof ReviewAnswer>;

export const reviewAnswerSchema = toJsonSchema(ReviewAnswer);

/** Parts of a review. The shared parts come first, so that reviewers of one diff read them from the cache. */
export function reviewerTask(subject: {
  requirement: string;
  diff: string;
  /** What the repository says about the files of the diff. */
  rules: readonly TaskPart[];
  lens: string;
}): TaskPart[] {
  return [
    {
      kind: "instructions",
      text: "A worker was given a requirement and made a change. Try to reject it. The files you read are those after the change; the tools whose names end in `_before` show them as they were.",
    },
    { kind: "data", title: "Requirement", text: subject.requirement },
    { kind: "data", title: "Diff", text: subject.diff },
    ...subject.rules,
    {
      kind: "instructions",
      text: `Lens: ${oneLine(subject.lens)}\n\nJudge under this lens; other reviewers have others. Report anything blocking that you see beside it too.`,
    },
  ];
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, " ").trim();
}
