// change(prompt): a worker whose edits are the point, and what it says about them.

import { z } from "zod";

import type { TaskPart } from "../agent.ts";
import { toJsonSchema, type JsonSchema } from "../json-schema.ts";
import { dataParts, type TaskData } from "./worker.ts";

/** What the worker says beside its edits; `result` is there when the script asked for one. */
export const ChangeAnswer = z.object({
  summary: z
    .string()
    .min(1)
    .describe(
      "What was changed and why, in a few plain sentences; first line at most 72 characters",
    ),
  result: z.json().optional(),
});
export type ChangeAnswer = z.infer<typeof ChangeAnswer>;

/** JSON Schema of the answer, with the script's own schema for `result`, or without one. */
export function changeAnswerSchema(result: JsonSchema | null): JsonSchema {
  const summary = toJsonSchema(ChangeAnswer.pick({ summary: true }));
  if (result === null) return summary;
  const { properties } = z
    .object({ properties: z.record(z.string(), z.json()) })
    .parse({ properties: summary["properties"] });
  return {
    ...summary,
    properties: { ...properties, result: standingAlone(result) },
    required: ["summary", "result"],
  };
}

// Within another schema, `#/$defs/…` would be looked up at the outer root; an id of its own keeps it at home.
function standingAlone(schema: JsonSchema): JsonSchema {
  const refers = JSON.stringify(schema).includes('"$ref"');
  return refers && schema["$id"] === undefined ? { $id: "urn:fanfold:result", ...schema } : schema;
}

/** Parts of the task of one change. */
export function changeTask({ prompt, data }: { prompt: string; data?: TaskData }): TaskPart[] {
  return [
    { kind: "instructions", text: prompt },
    ...dataParts(data),
    {
      kind: "instructions",
      text: "Make the change with the tools, then finish. If nothing needs to change, change nothing and say why.",
    },
  ];
}
