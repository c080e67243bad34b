// What a script expects of a value it did not make: gathered use by use, then told as a JSON Schema.

import type { Json, JsonObject } from "../../engine/json.ts";

/** Signs of a value's type, from how it is used. */
export type Sign =
  | "string"
  | "number"
  | "boolean"
  | "array"
  | "object"
  | "parsed"
  /** Asked whether it is a list, which it need not be. */
  | "perhaps array"
  /** The script ends without it. */
  | "needed"
  | "optional";

/** Everything known about one value. Grows while the script is read. */
export interface Shape {
  properties: Map<string, Shape>;
  /** Items of a list, or values of a map. */
  item: Shape | null;
  signs: Set<Sign>;
  /** Texts it is compared with, and numbers it must be. */
  literals: Set<string | number>;
  /** Regular expressions it is held against. */
  patterns: Set<string>;
}

export function emptyShape(): Shape {
  return {
    properties: new Map(),
    item: null,
    signs: new Set(),
    literals: new Set(),
    patterns: new Set(),
  };
}

/** The part of a value under a name. */
export function propertyOf(shape: Shape, name: string): Shape {
  const known = shape.properties.get(name);
  if (known !== undefined) return known;
  const made = emptyShape();
  shape.properties.set(name, made);
  return made;
}

export function itemOf(shape: Shape): Shape {
  shape.item ??= emptyShape();
  return shape.item;
}

/** How much is known; used to see that reading on adds nothing. */
export function sizeOf(shape: Shape, depth = 0): number {
  if (depth > DEEPEST) return 0;
  let size = 1 + shape.signs.size + shape.literals.size + shape.patterns.size;
  for (const property of shape.properties.values()) size += sizeOf(property, depth + 1);
  return size + (shape.item === null ? 0 : sizeOf(shape.item, depth + 1));
}

const DEEPEST = 8;

/** Whether anything at all is known about a value. */
export function isUsed(shape: Shape): boolean {
  return sizeOf(shape) > 1;
}

/**
 * The shape as a schema. `lean` leaves out what the script can do without: options it only tests, or has a default for.
 */
// oxlint-disable-next-line complexity -- each case is one line of a table
export function schemaOf(
  shape: Shape,
  options: { lean: boolean },
  { name = "", depth = 0 } = {},
): JsonObject {
  const { properties, item, signs, literals } = shape;
  if (depth > DEEPEST) return {};
  if (literals.size > 0 && properties.size === 0) return { enum: [...literals] };
  const isList = signs.has("array") && !(properties.size > 0 && signs.has("object"));
  if (isList || (item !== null && properties.size === 0 && !signs.has("object"))) {
    const inside = schemaOf(item ?? emptyShape(), options, {
      name: name.replace(/s$/, ""),
      depth: depth + 1,
    });
    return { type: "array", minItems: 1, items: inside };
  }
  if (properties.size > 0 || signs.has("object")) return objectSchema(shape, options, depth);
  const [pattern] = shape.patterns;
  if (pattern !== undefined) return { type: "string", pattern };
  return plainSchema(signs, name);
}

/** What a script's arguments may be: an object, without and with what it can do without, a list, or a text. */
export function rootSchemas(args: Shape): JsonObject[] {
  const { properties, item, signs, literals, patterns } = args;
  const schemas: JsonObject[] = [];
  const isObject = properties.size > 0;
  for (const lean of isObject ? [true, false] : []) schemas.push(objectSchema(args, { lean }, 0));
  if (signs.has("array") || signs.has("perhaps array") || item !== null) {
    const parts = { ...emptyShape(), item: item ?? emptyShape(), signs: new Set<Sign>(["array"]) };
    schemas.push(schemaOf(parts, { lean: false }, { name: "tasks" }));
  }
  const [pattern] = patterns;
  if (literals.size > 0) schemas.push({ enum: [...literals] });
  else if (pattern !== undefined) schemas.push({ type: "string", pattern });
  if (schemas.length === 0 && isUsed(args)) schemas.push(plainSchema(signs, "task"));
  return schemas;
}

function objectSchema(shape: Shape, options: { lean: boolean }, depth: number): JsonObject {
  const kept = [...shape.properties].filter(
    ([, { signs }]) => !options.lean || !signs.has("optional") || signs.has("needed"),
  );
  const properties: [string, Json][] = kept.map(([name, part]) => [
    name,
    schemaOf(part, options, { name, depth: depth + 1 }),
  ]);
  return {
    type: "object",
    properties: Object.fromEntries(properties),
    required: properties.map(([name]) => name),
  };
}

const NUMBER =
  /^(pr|issue|number|count|max|min|limit|rounds?|iterations?|concurrency|depth|budget|size|threshold|attempts?|retries|n|k|top|port|year)$|(Count|Limit|Number|Rounds|Attempts|Max|Min|Budget|Size|Threshold)$|^(max|min|num)[A-Z]/;
const BOOLEAN =
  /^(is|has|should|dry|skip|no|force|verbose|allow|enable|include|auto|with|fast|deep)([A-Z_]|$)|^ok$|[a-z]Only$/;

function plainSchema(signs: ReadonlySet<Sign>, name: string): JsonObject {
  if (signs.has("string")) return { type: "string", minLength: 1 };
  if (signs.has("number")) return { type: "integer", minimum: 1 };
  if (signs.has("boolean") || BOOLEAN.test(name)) return { type: "boolean" };
  if (NUMBER.test(name)) return { type: "integer", minimum: 1 };
  return { type: "string", minLength: 1 };
}
