// From zod to the JSON Schema that providers and ajv read.

import { z } from "zod";

import type { Json } from "./model.ts";

export type JsonSchema = { [key: string]: Json };

const JsonObject = z.record(z.string(), z.json());

/** JSON Schema 2020-12 of a zod object, without the `$schema` line. */
export function toJsonSchema(schema: z.ZodType): JsonSchema {
  const { $schema: _dialect, ...rest } = JsonObject.parse(
    JSON.parse(JSON.stringify(z.toJSONSchema(schema))),
  );
  return rest;
}
