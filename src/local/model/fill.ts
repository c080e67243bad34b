// Pours facts into any answer schema: by the names of its properties where they are telling, by their types otherwise.

import type { Facts, FoundHere } from "./facts.ts";
import type { Json, JsonObject } from "./reply.ts";

const DEPTH_AT_MOST = 8;

interface Place {
  name: string;
  schema: JsonObject;
  root: JsonObject;
  depth: number;
}

/** A value that fits the schema as far as facts and types allow. */
export function fill(schema: JsonObject, facts: Facts): Json {
  return fillObject({ name: "", schema, root: schema, depth: 0 }, (place) => factFor(place, facts));
}

type Chosen = (place: Place) => Json;

function fillObject(place: Place, choose: Chosen): JsonObject {
  const { properties, required } = place.schema;
  if (!isObject(properties)) return {};
  const wanted = Array.isArray(required) ? required : [];
  const entries = Object.entries(properties).flatMap(([name, schema]): [string, Json][] => {
    const inner: Place = {
      name,
      schema: resolved(isObject(schema) ? schema : {}, place.root),
      root: place.root,
      depth: place.depth + 1,
    };
    const unknown =
      typeOf(inner.schema) === null && !("const" in inner.schema || "enum" in inner.schema);
    if ((unknown || inner.depth > DEPTH_AT_MOST) && !wanted.includes(name)) return [];
    return [[name, choose(inner)]];
  });
  return Object.fromEntries(entries);
}

function factFor(place: Place, facts: Facts): Json {
  const { schema } = place;
  if ("const" in schema) return schema["const"] ?? null;
  if (Array.isArray(schema["enum"])) return choice(schema["enum"], facts.changed ? YES : NO);
  const type = typeOf(schema) ?? "string";
  if (type === "array") return fillArray(place, facts);
  if (type === "object") return fillObject(place, (inner) => factFor(inner, facts));
  return scalarFor(place, { type, facts });
}

function scalarFor(place: Place, { type, facts }: { type: string; facts: Facts }): Json {
  if (type === "boolean") return DONE.test(place.name) && facts.changed;
  if (type === "integer" || type === "number") return numberFor(place, facts);
  if (type === "null") return null;
  const text = /file|path/i.test(place.name) ? (facts.files[0] ?? "") : facts.summary;
  return atLeast(text, place.schema);
}

function numberFor({ name, schema }: Place, facts: Facts): number {
  const known = /count|total|found/i.test(name) ? facts.findings.length : 0;
  return Math.max(known, least(schema, "minimum"));
}

const DONE = /changed|done|fixed|success|ok|complete/i;
const YES = ["changed", "fixed", "done", "yes", "success", "ok"];
const NO = ["unchanged", "none", "no", "skipped", "unknown", "low"];

function fillArray(place: Place, facts: Facts): Json[] {
  const items = resolved(isObject(place.schema["items"]) ? place.schema["items"] : {}, place.root);
  const most = typeof place.schema["maxItems"] === "number" ? place.schema["maxItems"] : Infinity;
  const inner: Place = { ...place, schema: items, depth: place.depth + 1 };
  const values =
    typeOf(items) === "object"
      ? facts.findings.map((finding) =>
          fillObject(inner, (property) => findingFor(property, finding, facts)),
        )
      : textsFor(place.name, facts);
  const missing = Math.max(0, least(place.schema, "minItems") - values.length);
  const more = Array.from({ length: missing }, () => factFor(inner, facts));
  return [...values, ...more].slice(0, most);
}

function textsFor(name: string, facts: Facts): Json[] {
  if (/read|look|examin|cover|seen/i.test(name)) return [...facts.read];
  if (/file|path|module/i.test(name)) return [...facts.files];
  if (/finding|problem|issue/i.test(name))
    return facts.findings.map(({ path, line, title }) => `${path}:${line} ${title}`);
  return [];
}

function findingFor(place: Place, finding: FoundHere, facts: Facts): Json {
  const { schema, name } = place;
  if (Array.isArray(schema["enum"])) return choice(schema["enum"], wordsFor(finding));
  const type = typeOf(schema);
  if (type === "integer" || type === "number")
    return /end/i.test(name) ? finding.endLine : /line/i.test(name) ? finding.line : 1;
  if (type === "boolean") return finding.level !== "report";
  if (type === "string" || type === null) return atLeast(textFor(name, finding), schema);
  return factFor(place, facts);
}

const TEXTS: readonly (readonly [RegExp, (finding: FoundHere) => string])[] = [
  [/path|file/i, ({ path }) => path],
  [/evidence|snippet|code|quote/i, ({ evidence }) => evidence],
  [/^(rule\w*|id|categor\w*|kind|type)$/i, ({ rule }) => rule],
  [/title|name|problem|issue/i, ({ title }) => title],
  [/level|severity/i, ({ level }) => level],
  [/why|claim|description|reason|detail|explanation/i, ({ why }) => why],
];

function textFor(name: string, finding: FoundHere): string {
  const known = TEXTS.find(([pattern]) => pattern.test(name))?.[1];
  return known ? known(finding) : `${finding.title}: ${finding.why}`;
}

function wordsFor(finding: FoundHere): string[] {
  switch (finding.level) {
    case "fix":
      return ["fix", "medium", "moderate", "warning", "major", "yes"];
    case "polish":
      return ["polish", "low", "minor", "info", "nit", "note"];
    case "report":
      return ["report", "medium", "high", "moderate", "warning", "major"];
  }
  return [];
}

function choice(values: readonly Json[], wanted: readonly string[]): Json {
  const words = values.map((value) => JSON.stringify(value).replaceAll('"', "").toLowerCase());
  const fitting = wanted.map((word) => words.indexOf(word)).find((index) => index !== -1);
  return values[fitting ?? 0] ?? null;
}

function resolved(schema: JsonObject, root: JsonObject): JsonObject {
  const reference = schema["$ref"];
  if (typeof reference === "string" && reference.startsWith("#/")) {
    const target = reference
      .slice(2)
      .split("/")
      .reduce<Json>((at, key) => (isObject(at) ? (at[key] ?? null) : null), root);
    return isObject(target) ? target : {};
  }
  const options = schema["anyOf"] ?? schema["oneOf"];
  const [first] = Array.isArray(options) ? options : [];
  return isObject(first) ? resolved(first, root) : schema;
}

function typeOf(schema: JsonObject): string | null {
  const type = Array.isArray(schema["type"]) ? schema["type"][0] : schema["type"];
  if (typeof type === "string") return type;
  return isObject(schema["properties"]) ? "object" : "items" in schema ? "array" : null;
}

function least(schema: JsonObject, key: string): number {
  const value = schema[key];
  return typeof value === "number" ? value : 0;
}

function atLeast(text: string, schema: JsonObject): string {
  const most = typeof schema["maxLength"] === "number" ? schema["maxLength"] : text.length;
  return text.padEnd(least(schema, "minLength"), ".").slice(0, Math.max(most, 0));
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
