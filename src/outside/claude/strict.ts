// Which answers the API itself can hold to their schema while they are written: those whose schema it knows how to follow.

import { transformJSONSchema } from "@anthropic-ai/sdk/lib/transform-json-schema";

import { type Json, ModelError, type TurnRequest } from "../../agent/model.ts";
import { isRecord } from "./json.ts";

type Schema = { [key: string]: Json };

/** https://platform.claude.com/docs/en/build-with-claude/structured-outputs: more of either is refused. */
const OPTIONAL_MAX = 24;
const UNIONS_MAX = 16;

/** Words that say what may come in another way than the API's subset does. */
const FOREIGN =
  "$ref $defs $id patternProperties propertyNames dependentSchemas not if prefixItems contains allOf oneOf".split(
    " ",
  );

export interface AnswerSchemas {
  /** Null where the server is not to be asked. */
  readonly strictOf: (schema: Schema) => Schema | null;
  /** Whether a refusal was one of an answer's schema: it is not asked for again, and the turn can be asked without it. */
  readonly wasRefused: (request: TurnRequest, error: unknown) => boolean;
}

const ABOUT_SCHEMAS = /schema|strict|grammar/i;

/** Remembers schemas that the server does not take after all: its limits are more than we know of. */
export function openAnswerSchemas({ holdsSchemas }: { holdsSchemas: boolean }): AnswerSchemas {
  const refused = new Set<string>();
  const strictOf = (schema: Schema): Schema | null =>
    holdsSchemas && !refused.has(JSON.stringify(schema)) ? strictSchema(schema) : null;
  return {
    strictOf,
    wasRefused({ tools }, error) {
      if (!(error instanceof ModelError) || error.kind !== "invalid-request") return false;
      if (!ABOUT_SCHEMAS.test(error.message)) return false;
      const asked = tools.filter(
        ({ isAnswer, inputSchema }) => isAnswer === true && strictOf(inputSchema) !== null,
      );
      for (const { inputSchema } of asked) refused.add(JSON.stringify(inputSchema));
      return asked.length > 0;
    },
  };
}

/**
 * The schema as the API takes it for a strict tool, or null where it would take away answers that fit: objects with free
 * keys, values of any kind. What it cannot hold, such as a length, stands in the descriptions, and is checked by us.
 */
function strictSchema(schema: Schema): Schema | null {
  const sizes = { optional: 0, unions: 0 };
  if (!isClosed(schema, sizes)) return null;
  if (sizes.optional > OPTIONAL_MAX || sizes.unions > UNIONS_MAX) return null;
  const transformed: unknown = transformJSONSchema(schema);
  return isSchema(transformed) ? transformed : null;
}

function isClosed(schema: Json | undefined, sizes: { optional: number; unions: number }): boolean {
  if (schema === undefined || !isRecord(schema)) return false;
  if (FOREIGN.some((word) => word in schema)) return false;
  const { type, anyOf, enum: choices, const: only } = schema;
  if (Array.isArray(type) || anyOf !== undefined) sizes.unions += 1;
  if (Array.isArray(anyOf)) return anyOf.every((part) => isClosed(part, sizes));
  if (type === "object") return isClosedObject(schema, sizes);
  if (type === "array") return isClosed(schema["items"], sizes);
  if (Array.isArray(choices)) return choices.every((choice) => !isCompound(choice));
  if (only !== undefined) return !isCompound(only);
  const types = Array.isArray(type) ? type : [type];
  return types.every((one) => typeof one === "string" && one !== "object" && one !== "array");
}

function isClosedObject(schema: Schema, sizes: { optional: number; unions: number }): boolean {
  const { properties, required, additionalProperties = false } = schema;
  if (properties === undefined || !isRecord(properties) || additionalProperties !== false)
    return false;
  const names = Object.keys(properties);
  const needed = Array.isArray(required) ? required : [];
  sizes.optional += names.filter((name) => !needed.includes(name)).length;
  return names.length > 0 && names.every((name) => isClosed(properties[name], sizes));
}

const isCompound = (value: Json): boolean => typeof value === "object" && value !== null;

const isSchema = (value: unknown): value is Schema => typeof value === "object" && value !== null;
