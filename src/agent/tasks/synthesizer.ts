// The words of the final pull request, from the facts of the run and nothing else.

import { z } from "zod";

import type { TaskPart } from "../agent.ts";
import { toJsonSchema } from "../json-schema.ts";
import type { Json } from "../model.ts";

export const SynthesisAnswer = z.strictObject({
  title: z.string().min(1).max(120).describe("Imperative, at most 72 characters"),
  summary: z.string().min(1).describe("Markdown: what is different, then what was done"),
  risks: z
    .string()
    .describe(
      "Markdown list: what to look at before merging, one line each; empty when none is known",
    ),
});
export type SynthesisAnswer = z.infer<typeof SynthesisAnswer>;

export const synthesisAnswerSchema = toJsonSchema(SynthesisAnswer);

/** Parts of the synthesis; `facts` is any JSON. */
export function synthesizerTask(facts: Json): TaskPart[] {
  return [
    {
      kind: "instructions",
      text: "A run has ended. Write the title and the text of its pull request from these facts.",
    },
    { kind: "data", title: "Facts", text: JSON.stringify(facts, null, 2) },
  ];
}
