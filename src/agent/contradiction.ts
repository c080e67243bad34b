// What no answer can ever satisfy, seen from the schema alone. Pure; says nothing where it cannot prove anything.

import type { JsonSchema } from "./json-schema.ts";
import type { Json } from "./model.ts";

/** Deeper schemas are not followed; what is wrong there shows when an answer is checked. */
const DEPTH_MAX = 32;

/** A sentence on why nothing fits, or null when something may. */
export function contradiction(schema: JsonSchema): string | null {
  if (schema["type"] !== "object")
    return 'The schema must have type "object" at its root, because the answer is the input of a tool.';
  const { required, properties } = schema;
  const known = isObject(properties) ? properties : {};
  const foreign = keysOf(required).find((key) => !Object.hasOwn(known, key));
  const closed =
    schema["additionalProperties"] === false && schema["patternProperties"] === undefined;
  if (foreign !== undefined && closed) return ruledOut(foreign, "The schema");
  if (foreign !== undefined)
    return `The schema requires "${foreign}", which is not among its properties: describe it there, or do not require it.`;
  return within(schema, "The answer", 0);
}

function within(schema: Json | undefined, place: string, depth: number): string | null {
  if (schema === false) return `${place} is ruled out by the schema \`false\`.`;
  if (!isObject(schema) || depth > DEPTH_MAX) return null;
  return (
    crossedBounds(schema, place) ??
    emptyChoice(schema, place) ??
    inObject(schema, place, depth) ??
    inArray(schema, place, depth) ??
    first(listOf(schema["allOf"]), (part) => within(part, place, depth + 1))
  );
}

const BOUNDS = [
  ["minimum", "maximum"],
  ["minLength", "maxLength"],
  ["minItems", "maxItems"],
  ["minProperties", "maxProperties"],
] as const;

function crossedBounds(schema: JsonSchema, place: string): string | null {
  return first(BOUNDS, ([least, most]) => {
    const [low, high] = [schema[least], schema[most]];
    const crossed = typeof low === "number" && typeof high === "number" && low > high;
    return crossed ? `${place} has ${least} ${low} and ${most} ${high}, so nothing fits.` : null;
  });
}

function emptyChoice({ enum: choices, const: only }: JsonSchema, place: string): string | null {
  if (!Array.isArray(choices)) return null;
  if (choices.length === 0) return `${place} must be one of an empty enum, so nothing fits.`;
  if (
    only === undefined ||
    choices.some((choice) => JSON.stringify(choice) === JSON.stringify(only))
  )
    return null;
  return isObject(only) ? null : `${place} has a const that is not in its enum, so nothing fits.`;
}

// Only a required key must be there; one that is not required may be left out, however it is described. A schema that
// does not insist on an object can be met by another type.
function inObject(schema: JsonSchema, place: string, depth: number): string | null {
  if (schema["type"] !== "object") return null;
  const { properties, patternProperties, additionalProperties } = schema;
  const known = isObject(properties) ? properties : {};
  return first(keysOf(schema["required"]), (key) => {
    if (Object.hasOwn(known, key))
      return within(known[key], `${place === "The answer" ? "" : `${place}.`}${key}`, depth + 1);
    const closed = additionalProperties === false && patternProperties === undefined;
    return closed ? ruledOut(key, place) : null;
  });
}

function inArray(schema: JsonSchema, place: string, depth: number): string | null {
  const { minItems, items, prefixItems } = schema;
  if (schema["type"] !== "array" || typeof minItems !== "number" || minItems < 1) return null;
  return prefixItems === undefined ? within(items, `${place}[]`, depth + 1) : null;
}

function ruledOut(key: string, place: string): string {
  return `${place} requires "${key}" and at the same time rules it out: it is not among its properties, and additionalProperties is false.`;
}

function first<T>(list: readonly T[], look: (item: T) => string | null): string | null {
  for (const item of list) {
    const found = look(item);
    if (found !== null) return found;
  }
  return null;
}

const keysOf = (required: Json | undefined): string[] =>
  listOf(required).filter((key) => typeof key === "string");

const listOf = (list: Json | undefined): readonly Json[] => (Array.isArray(list) ? list : []);

function isObject(value: Json | undefined): value is { [key: string]: Json } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
