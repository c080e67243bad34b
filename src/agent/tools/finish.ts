// The tool whose input is the answer.

import type { JsonSchema } from "../json-schema.ts";
import type { ToolSpec } from "../model.ts";
import { wordsBeside } from "../words.ts";

export const FINISH = "finish";

const description = wordsBeside(import.meta.url, "./finish.md");

/** The answer's schema as a tool; the conversation handles its calls. */
export function finishSpec(answer: JsonSchema): ToolSpec {
  return { name: FINISH, description, inputSchema: answer, isAnswer: true };
}
