// One JSON Schema without references and alternatives: what an answer is made from.

import type { Json, JsonObject } from "../../engine/json.ts";

/** Chooses one of several branches by number. */
export type Choose = (count: number) => number;

const DEEPEST = 32;

export const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** A schema with `$ref`, `allOf`, `anyOf`, `oneOf` and `then` folded in; `null` when nothing can satisfy it. */
// oxlint-disable-next-line complexity -- each case is one line of a table
export function flatten(
  schema: Json | undefined,
  given: { root: JsonObject; choose: Choose; mayBeNull: boolean },
  depth = 0,
): JsonObject | null {
  if (schema === false || depth > DEEPEST) return null;
  if (!isObject(schema)) return {};
  const {
    $ref,
    allOf,
    anyOf,
    oneOf,
    if: condition,
    then: consequence,
    else: otherwise,
    ...own
  } = schema;
  const more: Json[] = Array.isArray(allOf) ? [...allOf] : [];
  if (typeof $ref === "string") more.push(lookUp($ref, given.root));
  for (const branches of [anyOf, oneOf]) {
    if (!Array.isArray(branches)) continue;
    const wanted = branches.filter((branch) => given.mayBeNull || !isNull(branch));
    const chosen = wanted.length > 0 ? wanted : branches;
    if (chosen.length > 0) more.push(chosen[given.choose(chosen.length)] ?? {});
  }
  if (condition !== undefined) {
    const chosen = given.choose(2) === 0 ? [condition, consequence] : [otherwise];
    for (const part of chosen) if (part !== undefined) more.push(part);
  }
  let merged: JsonObject = own;
  for (const part of more) {
    const flat = flatten(part, given, depth + 1);
    if (flat === null) return null;
    merged = merge(merged, flat);
  }
  return merged;
}

const isNull = (schema: Json): boolean => isObject(schema) && schema["type"] === "null";

/** `#`, `#/…`, or a schema by its `$anchor` or `$id`; everything else is unknown and allows anything. */
function lookUp(reference: string, root: JsonObject): Json {
  if (!reference.startsWith("#/")) return named(reference.replace(/^#/, ""), root);
  let found: Json | undefined = root;
  for (const part of reference.slice(2).split("/")) {
    const key = decodeURIComponent(part).replaceAll("~1", "/").replaceAll("~0", "~");
    if (Array.isArray(found)) found = found[Number(key)];
    else found = isObject(found) && Object.hasOwn(found, key) ? found[key] : undefined;
  }
  return found ?? {};
}

function named(name: string, root: JsonObject): Json {
  if (name === "") return root;
  for (const definitions of [root["$defs"], root["definitions"]]) {
    if (!isObject(definitions)) continue;
    for (const schema of Object.values(definitions)) {
      if (isObject(schema) && (schema["$anchor"] === name || schema["$id"] === name)) return schema;
    }
  }
  return {};
}

function merge(one: JsonObject, other: JsonObject): JsonObject {
  const merged: JsonObject = { ...one };
  for (const [key, value] of Object.entries(other)) {
    const known = merged[key];
    merged[key] = known === undefined ? value : mergeKey(key, known, value);
  }
  return merged;
}

// oxlint-disable-next-line complexity -- each case is one line of a table
function mergeKey(key: string, one: Json, other: Json): Json {
  if (/^(minimum|minLength|minItems|minProperties|exclusiveMinimum)$/.test(key)) {
    return Math.max(Number(one), Number(other));
  }
  if (/^(maximum|maxLength|maxItems|maxProperties|exclusiveMaximum)$/.test(key)) {
    return Math.min(Number(one), Number(other));
  }
  if (key === "required") return [...new Set([...list(one), ...list(other)])];
  if (key === "type" || key === "enum") return shared(list(one), list(other));
  if (key === "properties" && isObject(one) && isObject(other)) {
    const both = Object.keys(one).filter((name) => name in other);
    const joined = both.map((name) => [name, { allOf: [one[name] ?? {}, other[name] ?? {}] }]);
    return { ...one, ...other, ...Object.fromEntries(joined) };
  }
  if (key === "items") return { allOf: [one, other] };
  if (key === "additionalProperties") return one === false || other === false ? false : other;
  return other;
}

const list = (value: Json): Json[] => (Array.isArray(value) ? value : [value]);

function shared(one: Json[], other: Json[]): Json[] {
  const texts = new Set(other.map((value) => JSON.stringify(value)));
  const same = one.filter((value) => texts.has(JSON.stringify(value)));
  if (same.length > 0) return same;
  return one.includes("number") && other.includes("integer") ? ["integer"] : other;
}
