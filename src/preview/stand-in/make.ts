// Makes a value from a schema; whether it fits is the validator's to say.

import type { Json, JsonObject } from "../../engine/json.ts";
import { flatten, isObject } from "./flatten.ts";
import { choiceOf, flagOf, lengthOf } from "./mood.ts";
import { numberOr, standInNumber } from "./numbers.ts";
import { standInText, type TextGiven } from "./text.ts";

/** What values are made with. */
export interface MakeGiven extends TextGiven {
  root: JsonObject;
}

interface Spot {
  /** Name of the field, of its list for an item. */
  name: string;
  depth: number;
}

/** Beyond this depth only what is required is made: schemas may contain themselves. */
const DEEP = 6;
const DEEPEST = 40;

/** A value that has a fair chance to fit the schema. Throws `Impossible` where nothing can. */
export function makeValue(schema: Json | undefined, given: MakeGiven, spot: Spot = TOP): Json {
  if (spot.depth > DEEPEST) throw new Impossible("the schema contains itself without an end");
  const choose = (count: number): number => given.chance.between(0, count - 1);
  const flat = flatten(schema, { root: given.root, choose, mayBeNull: given.mood.lean });
  if (flat === null) throw new Impossible("nothing can satisfy a part of the schema");
  if ("const" in flat) return flat["const"] ?? null;
  const { enum: values } = flat;
  if (Array.isArray(values)) return oneOf(values, given);
  return ofType(flat, typeOf(flat, given), { given, spot });
}

const TOP: Spot = { name: "", depth: 0 };

/** No value satisfies the schema. */
export class Impossible extends Error {
  override readonly name = "Impossible";
}

function oneOf(values: Json[], { mood, chance }: MakeGiven): Json {
  const [first, ...more] = values.filter((value) => value !== null || mood.lean);
  if (first === undefined) return values[0] ?? null;
  return choiceOf(mood, [first, ...more], (count) => chance.between(0, count - 1));
}

function typeOf(schema: JsonObject, { mood }: MakeGiven): string {
  const { type } = schema;
  if (typeof type === "string") return type;
  if (Array.isArray(type)) {
    const types = type.filter((one) => typeof one === "string");
    if (mood.lean && types.includes("null")) return "null";
    return types.find((one) => one !== "null") ?? "null";
  }
  const signs: readonly [string, RegExp][] = [
    ["object", /^(properties|required|additionalProperties|patternProperties|minProperties)$/],
    ["array", /^(items|prefixItems|minItems|maxItems|uniqueItems|contains)$/],
    ["number", /^(minimum|maximum|exclusiveMinimum|exclusiveMaximum|multipleOf)$/],
  ];
  const keys = Object.keys(schema);
  return signs.find(([, sign]) => keys.some((key) => sign.test(key)))?.[0] ?? "string";
}

interface Making {
  given: MakeGiven;
  spot: Spot;
}

function ofType(schema: JsonObject, type: string, making: Making): Json {
  const { given, spot } = making;
  switch (type) {
    case "object":
      return makeObject(schema, making);
    case "array":
      return makeArray(schema, making);
    case "integer":
    case "number":
      return standInNumber({ ...schema, type }, spot.name, given);
    case "boolean":
      return flagOf(given.mood, spot.name, () => given.chance.between(0, 1) === 1);
    case "null":
      return null;
    default:
      return standInText(schema, spot.name, given);
  }
}

function makeObject(schema: JsonObject, { given, spot }: Making): JsonObject {
  const properties = isObject(schema["properties"]) ? schema["properties"] : {};
  const required = names(schema["required"]);
  const lean = given.mood.lean || spot.depth > DEEP;
  const chosen = new Set([...required, ...(lean ? [] : Object.keys(properties))]);
  addDependents(schema, chosen);
  const most = numberOr(schema["maxProperties"], Infinity);
  const kept = [...chosen].filter((name, index) => required.includes(name) || index < most);
  const made: JsonObject = {};
  for (const name of kept) {
    const own = Object.hasOwn(properties, name) ? properties[name] : otherProperty(schema, name);
    try {
      made[name] = makeValue(own, given, { name, depth: spot.depth + 1 });
    } catch (error) {
      // A part that cannot be, such as `false` or a schema inside itself, is left out where it may be.
      if (!(error instanceof Impossible) || required.includes(name)) throw error;
    }
  }
  addMore(schema, made, { given, spot });
  return made;
}

const names = (value: Json | undefined): string[] =>
  Array.isArray(value) ? value.filter((name) => typeof name === "string") : [];

function addDependents({ dependentRequired }: JsonObject, chosen: Set<string>): void {
  if (!isObject(dependentRequired)) return;
  for (const name of chosen) {
    for (const needed of names(dependentRequired[name])) chosen.add(needed);
  }
}

function otherProperty(
  { patternProperties, additionalProperties }: JsonObject,
  name: string,
): Json {
  if (isObject(patternProperties)) {
    const fitting = Object.entries(patternProperties).find(([pattern]) => matches(pattern, name));
    if (fitting !== undefined) return fitting[1];
  }
  return additionalProperties ?? {};
}

function matches(pattern: string, name: string): boolean {
  // Names are short; the validator bounds whatever else is matched.
  return name.length < 100 && pattern.length < 200 && new RegExp(pattern, "u").test(name);
}

/** Properties without a name of their own: a map's entries, or as many as the schema wants at least. */
function addMore(schema: JsonObject, made: JsonObject, { given, spot }: Making): void {
  const { additionalProperties, patternProperties, propertyNames } = schema;
  const [pattern] = isObject(patternProperties) ? Object.entries(patternProperties) : [];
  const isMap = isObject(additionalProperties) || pattern !== undefined;
  const known = Object.keys(made).length;
  const wanted =
    isMap && known === 0 ? lengthOf(given.mood, { least: 0, most: 3, depth: spot.depth }) : 0;
  const least = Math.max(numberOr(schema["minProperties"], 0), wanted);
  for (let tries = 0; Object.keys(made).length < least && tries < least * 3; tries += 1) {
    const name = nameFor({ pattern: pattern?.[0], propertyNames }, given);
    const own = pattern?.[1] ?? additionalProperties ?? {};
    if (!Object.hasOwn(made, name))
      made[name] = makeValue(own, given, { name, depth: spot.depth + 1 });
  }
}

function nameFor(
  { pattern, propertyNames }: { pattern: string | undefined; propertyNames: Json | undefined },
  given: MakeGiven,
): string {
  const schema = pattern === undefined ? { allOf: [propertyNames ?? {}] } : { pattern };
  const name = makeValue({ type: "string", ...schema }, given, { name: "key", depth: 1 });
  return typeof name === "string" ? name : given.chance.token();
}

// oxlint-disable-next-line complexity -- each case is one line of a table
function makeArray(schema: JsonObject, { given, spot }: Making): Json[] {
  const { prefixItems, items, contains } = schema;
  const first = Array.isArray(prefixItems) ? prefixItems : Array.isArray(items) ? items : [];
  const rest = Array.isArray(items) ? schema["additionalItems"] : items;
  const wanted = contains === undefined ? 0 : numberOr(schema["minContains"], 1);
  const closed = rest === false ? first.length : Infinity;
  const least = Math.max(numberOr(schema["minItems"], 0), wanted, Math.min(first.length, closed));
  const most = Math.min(numberOr(schema["maxItems"], Infinity), closed);
  const length = lengthOf(given.mood, { least: Math.min(least, most), most, depth: spot.depth });
  const inside = { name: spot.name.replace(/s$/, ""), depth: spot.depth + 1 };
  const made: Json[] = [];
  const seen = new Set<string>();
  for (let tries = 0; made.length < length && tries < length + 50; tries += 1) {
    const own =
      first[made.length] ?? (made.length < wanted ? { allOf: [contains ?? {}, rest ?? {}] } : rest);
    // Choices in one list go round, so that they differ.
    const mood = { ...given.mood, turn: given.mood.turn + made.length + tries };
    const value = makeValue(own, { ...given, mood }, inside);
    const text = JSON.stringify(value);
    if (schema["uniqueItems"] === true && seen.has(text)) continue;
    seen.add(text);
    made.push(value);
  }
  return made;
}
