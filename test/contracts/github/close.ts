// Closes GitHub's schemas: a field its description does not name is an invention, in a request as in an answer.

import {
  isObject,
  type Json,
  type JsonObject,
} from "../../../scripts/github-contract/json-schema.ts";

/** Behind the name of a component: the same schema, open at its top, for use as one part of a composition. */
const part = "+";

/**
 * Every component twice, closed and as a part. Schemas elsewhere in the slice are closed with `closeSchema`.
 */
export function closeComponents(schemas: JsonObject): JsonObject {
  const closed: JsonObject = {};
  for (const [name, schema] of Object.entries(schemas)) {
    closed[name] = close(schema, { open: false });
    closed[name + part] = close(schema, { open: true });
  }
  return closed;
}

export const closeSchema = (schema: Json): Json => close(schema, { open: false });

/** As `closeSchema`, but for the fields of the whole itself: GitHub's refusals say more than their descriptions. */
export const closeParts = (schema: Json): Json => close(schema, { open: true });

function close(schema: Json, { open }: { open: boolean }): Json {
  if (!isObject(schema)) return schema;
  const reference = schema["$ref"];
  if (typeof reference === "string") return { $ref: open ? reference + part : reference };
  const closed: JsonObject = {};
  for (const [keyword, value] of Object.entries(schema)) {
    closed[keyword] = closeKeyword(keyword, value);
  }
  return open || !mayClose(schema) ? closed : { ...closed, unevaluatedProperties: false };
}

function closeKeyword(keyword: string, value: Json): Json {
  if (keyword === "properties" && isObject(value))
    return Object.fromEntries(
      Object.entries(value).map(([name, schema]) => [name, close(schema, { open: false })]),
    );
  if (["allOf", "anyOf", "oneOf"].includes(keyword) && Array.isArray(value))
    return value.map((schema) => close(schema, { open: true }));
  if (keyword === "items" || keyword === "additionalProperties")
    return close(value, { open: false });
  return value;
}

/** Where GitHub says that anything may follow, or names no field at all, it stays so. */
function mayClose(schema: JsonObject): boolean {
  if (schema["additionalProperties"] !== undefined) return false;
  return ["properties", "allOf", "anyOf", "oneOf"].some((keyword) => keyword in schema);
}
