// Cuts GitHub's OpenAPI description down to the named operations and events with every schema they refer to.

import { isObject, toJsonSchema, type Json, type JsonObject } from "./json-schema.ts";

export interface Cut {
  operations: Readonly<Record<string, readonly string[]>>;
  webhooks: readonly string[];
}

const methods = ["get", "post", "put", "patch", "delete"];

/**
 * `paths` maps path and method to `query` (schemas by name), `body` (a schema or null) and `responses` (by status: a
 * schema, null for an empty answer, true for one that is not JSON); `webhooks` maps names to payload schemas.
 * Throws, naming it, when an operation or event is not in the description (any more).
 */
export function cutOpenapi(description: JsonObject, cut: Cut): JsonObject {
  const paths: JsonObject = {};
  for (const path of Object.keys(cut.operations).sort()) {
    const kept: JsonObject = {};
    for (const method of methods.filter((name) => cut.operations[path]?.includes(name))) {
      kept[method] = cutOperation(description, { path, method });
    }
    paths[path] = kept;
  }
  const webhooks: JsonObject = {};
  for (const name of [...cut.webhooks].sort()) {
    const operation = at(description, ["x-webhooks", name, "post"]);
    webhooks[name] = toJsonSchema(jsonSchemaOf(object(operation, name)["requestBody"]) ?? {});
  }
  const schemas = referredSchemas(description, { paths, webhooks });
  return { paths, webhooks, components: { schemas } };
}

function cutOperation(
  description: JsonObject,
  { path, method }: { path: string; method: string },
): JsonObject {
  const operation = object(at(description, ["paths", path, method]), `${method} ${path}`);
  const query: JsonObject = {};
  for (const item of list(operation["parameters"])) {
    const parameter = object(resolve(description, item), `a parameter of ${path}`);
    const name = parameter["name"];
    if (parameter["in"] !== "query" || typeof name !== "string") continue;
    query[name] = toJsonSchema(parameter["schema"] ?? {});
  }
  const responses: JsonObject = {};
  const answers = object(operation["responses"], `responses of ${path}`);
  for (const [status, answer] of Object.entries(answers)) {
    responses[status] = responseOf(resolve(description, answer));
  }
  const body = jsonSchemaOf(operation["requestBody"]);
  return {
    operationId: operation["operationId"] ?? null,
    query,
    body: body === undefined ? null : toJsonSchema(body),
    responses,
  };
}

function responseOf(answer: Json): Json {
  const schema = jsonSchemaOf(answer);
  if (schema !== undefined) return toJsonSchema(schema);
  return isObject(answer) && isObject(answer["content"]) ? true : null;
}

/** The schema of the plain JSON form, else of the first form GitHub names. */
function jsonSchemaOf(carrier: Json | undefined): Json | undefined {
  if (!isObject(carrier) || !isObject(carrier["content"])) return undefined;
  const forms = carrier["content"];
  const json = Object.keys(forms).filter(
    (form) => form.includes("json") || form.includes("github"),
  );
  const form = forms["application/json"] ?? forms[json[0] ?? ""];
  return isObject(form) ? form["schema"] : undefined;
}

/** Everything reachable by reference, each converted once. */
function referredSchemas(description: JsonObject, from: JsonObject): JsonObject {
  const found = new Map<string, Json>();
  const waiting: Json[] = [from];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    for (const name of referencesIn(next)) {
      if (found.has(name)) continue;
      const schema = toJsonSchema(at(description, ["components", "schemas", name]));
      found.set(name, schema);
      waiting.push(schema);
    }
  }
  return Object.fromEntries([...found].sort(([a], [b]) => (a < b ? -1 : 1)));
}

function referencesIn(value: Json): string[] {
  const text = JSON.stringify(value);
  return [...text.matchAll(/"\$ref":"#\/components\/schemas\/([^"]+)"/g)].map(
    ([, name = ""]) => name,
  );
}

function resolve(description: JsonObject, value: Json): Json {
  const reference = isObject(value) ? value["$ref"] : undefined;
  if (typeof reference !== "string") return value;
  return at(description, reference.replace("#/", "").split("/"));
}

function at(description: JsonObject, place: readonly string[]): Json {
  let value: Json | undefined = description;
  for (const step of place) value = isObject(value) ? value[step] : undefined;
  if (value === undefined) throw new Error(`GitHub's description has no ${place.join(" → ")}.`);
  return value;
}

function object(value: Json | undefined, what: string): JsonObject {
  if (!isObject(value)) throw new Error(`GitHub's description is not an object at ${what}.`);
  return value;
}

const list = (value: Json | undefined): Json[] => (Array.isArray(value) ? value : []);
