// What a tool is: words and a schema for the model, checked input, and failures as answers it can act on.

import { z } from "zod";

import { EditRefused, PathRefused } from "../repo/contract.ts";
import type { Json, ToolSpec } from "./model.ts";
import { toolLimits } from "./tool-limits.ts";
import { toJsonSchema } from "./json-schema.ts";

export interface ToolAnswer {
  text: string;
  isError: boolean;
}

export interface Tool {
  readonly spec: ToolSpec;
  /** Never rejects for a mistake of the model's; those are answers. */
  run(input: Json): Promise<ToolAnswer>;
}

/** A call that cannot be done as asked; the message tells the model what to try next. */
export class ToolRefused extends Error {
  override readonly name = "ToolRefused";
}

/** Makes a tool of a zod schema and a function that returns the text of the result. */
export function defineTool<T>(definition: {
  name: string;
  description: string;
  input: z.ZodType<T>;
  run: (input: T) => Promise<string>;
}): Tool {
  const { name, description, input: schema } = definition;
  return {
    spec: { name, description, inputSchema: toJsonSchema(schema) },
    async run(input) {
      const read = schema.safeParse(input);
      if (!read.success) return complaint(name, read.error);
      try {
        return { text: await definition.run(read.data), isError: false };
      } catch (error) {
        if (isRefusal(error)) return { text: error.message, isError: true };
        throw error;
      }
    },
  };
}

function isRefusal(error: unknown): error is Error {
  return (
    error instanceof ToolRefused || error instanceof PathRefused || error instanceof EditRefused
  );
}

function complaint(name: string, error: z.ZodError): ToolAnswer {
  const mistakes = error.issues.map((issue) => {
    const where = issue.path.length === 0 ? "the input" : `"${issue.path.join(".")}"`;
    return `${where}: ${issue.message}`;
  });
  const text = `${name} was not done; its input does not fit. ${mistakes.join("; ")}. Call it again with the input its schema asks for.`;
  return { text: text.slice(0, toolLimits.complaintChars), isError: true };
}
