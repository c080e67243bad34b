// Turns a schema of OpenAPI 3.0 into JSON Schema: `nullable` becomes a type union, and what validates nothing goes.

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
export type JsonObject = { [key: string]: Json };

export const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const said = [
  "description",
  "example",
  "examples",
  "title",
  "format",
  "default",
  "deprecated",
  "readOnly",
  "writeOnly",
  "externalDocs",
  "discriminator",
  "nullable",
];

/** A copy without prose; throws nothing, whatever it meets. */
export function toJsonSchema(schema: Json): Json {
  if (!isObject(schema)) return schema;
  const kept: JsonObject = {};
  for (const key of Object.keys(schema).sort()) {
    if (said.includes(key) || key.startsWith("x-")) continue;
    const value = schema[key];
    if (value !== undefined) kept[key] = convert(key, value);
  }
  return schema["nullable"] === true ? withNull(kept) : kept;
}

/** Schemas sit in three kinds of places: under a name, in a list, or directly. */
function convert(keyword: string, value: Json): Json {
  switch (keyword) {
    case "properties":
    case "patternProperties":
      return isObject(value)
        ? Object.fromEntries(
            Object.keys(value)
              .sort()
              .map((name) => [name, toJsonSchema(value[name] ?? {})]),
          )
        : value;
    case "allOf":
    case "anyOf":
    case "oneOf":
      return Array.isArray(value) ? value.map(toJsonSchema) : value;
    case "items":
    case "not":
    case "additionalProperties":
      return toJsonSchema(value);
    default:
      return value;
  }
}

function withNull(schema: JsonObject): Json {
  const type = schema["type"];
  if (typeof type !== "string") return { anyOf: [schema, { type: "null" }] };
  const values = schema["enum"];
  return {
    ...schema,
    type: [type, "null"],
    ...(Array.isArray(values) && !values.includes(null) ? { enum: [...values, null] } : {}),
  };
}
