// Holds exchanges, webhooks and GraphQL documents against GitHub's published descriptions.

import { readFileSync } from "node:fs";

import { Ajv2019, type ValidateFunction } from "ajv/dist/2019.js";
import { z } from "zod";

import {
  isObject,
  type Json,
  type JsonObject,
} from "../../../scripts/github-contract/json-schema.ts";
import { closeComponents, closeParts, closeSchema } from "./close.ts";
import { graphqlCheck } from "./graphql-check.ts";
import { byName, routesOf } from "./routes.ts";

export interface Exchange {
  request: {
    method: string;
    /** Without the query. */
    path: string;
    query: Readonly<Record<string, string | readonly string[]>>;
    /** The parsed body; undefined or null when there was none. */
    body: unknown;
    headers: Readonly<Record<string, string | undefined>>;
  };
  response: {
    status: number;
    body: unknown;
    headers?: Readonly<Record<string, string | undefined>>;
  };
}

/** Every answer is a list of sentences, empty when GitHub would speak the same way. */
export interface Contract {
  checkExchange(exchange: Exchange): string[];
  checkWebhook(event: string, payload: unknown): string[];
  checkGraphql(document: string, variables: unknown): string[];
}

interface Operation {
  query: JsonObject;
  body: Json;
  responses: JsonObject;
}

const PostedGraphql = z.strictObject({
  query: z.string(),
  variables: z.record(z.string(), z.unknown()).nullish(),
  operationName: z.string().nullish(),
});
const WithAction = z.object({ action: z.string().optional() });

/** GitHub answers these to anything, whether an operation's description lists them or not. */
const anywhere = [400, 401, 403, 404, 409, 410, 415, 422, 429, 500, 502, 503];
const shownProblems = 8;

/** Reads the vendored slices; schemas are compiled when first needed. */
export function openContract(): Contract {
  const slice = readSlice();
  const routes = routesOf(Object.keys(slice.paths));
  const compile = compiler(slice.schemas);
  const checkGraphql = graphqlCheck();

  function checkExchange({ request, response }: Exchange): string[] {
    const method = request.method.toLowerCase();
    if (request.path === "/graphql" && method === "post") return checkPostedGraphql(request.body);
    const path = byName(request.path);
    const candidates = routes.filter((route) => route.matches(path));
    const route = candidates.find(({ template }) => operationAt(slice.paths, template, method));
    const operation = route && operationAt(slice.paths, route.template, method);
    const what = `${request.method.toUpperCase()} ${request.path}`;
    if (!operation) return [`${what}: GitHub's description has no such operation.`];
    return [
      ...checkQuery(operation, request.query),
      ...checkBody(operation, { key: `${method} ${route.template}`, body: request.body }),
      ...checkResponse(operation, { key: `${method} ${route.template}`, request, response }),
    ].map((problem) => `${what}: ${problem}`);
  }

  function checkPostedGraphql(body: unknown): string[] {
    const posted = PostedGraphql.safeParse(body);
    if (!posted.success) return ["POST /graphql: the body is not a query with its variables."];
    return checkGraphql(posted.data.query, posted.data.variables);
  }

  function checkQuery(operation: Operation, query: Exchange["request"]["query"]): string[] {
    return Object.entries(query).flatMap(([name, value]) => {
      const schema = operation.query[name];
      if (schema === undefined) return [`the query has an unknown parameter ${name}.`];
      const check = compile(`query ${JSON.stringify(schema)}`, () => schema);
      return problems(check, { value: fromText(value, schema), what: `query parameter ${name}` });
    });
  }

  function checkBody(
    operation: Operation,
    { key, body }: { key: string; body: unknown },
  ): string[] {
    const absent = body === undefined || body === null || body === "";
    if (operation.body === null) {
      const empty = absent || (typeof body === "object" && Object.keys(body).length === 0);
      return empty ? [] : ["the request has a body, but this operation takes none."];
    }
    const check = compile(`${key} body`, () => closeSchema(strictly(operation.body)));
    return problems(check, { value: absent ? {} : body, what: "request body" });
  }

  function checkResponse(
    operation: Operation,
    { key, request, response }: Exchange & { key: string },
  ): string[] {
    const { status, body } = response;
    const documented = operation.responses[String(status)];
    if (documented === undefined && !anywhere.includes(status))
      return [`the answer has the status ${status}, which GitHub does not give here.`];
    if (documented === true || asksForText(request)) return [];
    if (documented === null && isEmpty(body)) return [];
    if (documented === null && status < 400) return [`the answer ${status} must be empty.`];
    const schema = documented ?? { $ref: "#/components/schemas/basic-error" };
    const check = compile(`${key} ${status}`, () =>
      status < 400 ? closeSchema(schema) : closeParts(schema),
    );
    return problems(check, { value: body, what: `answer ${status}` });
  }

  function checkWebhook(event: string, payload: unknown): string[] {
    const action = WithAction.safeParse(payload).data?.action;
    const name = (action === undefined ? event : `${event}-${action}`).replaceAll("_", "-");
    const schema = slice.webhooks[name];
    if (schema === undefined) return [`webhook ${name}: GitHub's description has no such event.`];
    const check = compile(`webhook ${name}`, () => closeSchema(schema));
    return problems(check, { value: payload, what: `webhook ${name}` });
  }

  return { checkExchange, checkWebhook, checkGraphql };
}

function readSlice() {
  const text = readFileSync(new URL("openapi-slice.json", import.meta.url), "utf8");
  const slice: { paths: JsonObject; webhooks: JsonObject; components: { schemas: JsonObject } } =
    JSON.parse(text);
  return { paths: slice.paths, webhooks: slice.webhooks, schemas: slice.components.schemas };
}

function operationAt(paths: JsonObject, template: string, method: string): Operation | undefined {
  const methods = paths[template];
  const operation = isObject(methods) ? methods[method] : undefined;
  if (!isObject(operation)) return undefined;
  const { query, body = null, responses } = operation;
  return isObject(query) && isObject(responses) ? { query, body, responses } : undefined;
}

function compiler(schemas: JsonObject): (key: string, schema: () => Json) => ValidateFunction {
  const components = closeComponents(schemas);
  const ajv = new Ajv2019({
    strict: false,
    validateFormats: false,
    allErrors: true,
    logger: false,
  });
  ajv.addSchema({ $id: "https://github.invalid/slice", components: { schemas: components } });
  const compiled = new Map<string, ValidateFunction>();
  return (key, schema) => {
    const known = compiled.get(key);
    if (known !== undefined) return known;
    const id = `https://github.invalid/slice/${encodeURIComponent(key)}`;
    const text = JSON.stringify(schema()).replaceAll('"#/', '"https://github.invalid/slice#/');
    const check = ajv.compile({ $id: id, allOf: [JSON.parse(text)] });
    compiled.set(key, check);
    return check;
  };
}

/** An error reaching through a composition is reported once for each branch: the first few say enough. */
function problems(
  check: ValidateFunction,
  { value, what }: { value: unknown; what: string },
): string[] {
  if (check(value)) return [];
  return (check.errors ?? []).slice(0, shownProblems).map((error) => {
    const extra: unknown = error.params["unevaluatedProperty"] ?? error.params["allowedValues"];
    const detail = extra === undefined ? "" : ` (${JSON.stringify(extra)})`;
    return `${what}${error.instancePath} ${error.message ?? error.keyword}${detail}.`;
  });
}

/** GitHub lets some requests carry anything beside what it names; ours may carry only what it names. */
function strictly(schema: Json): Json {
  if (Array.isArray(schema)) return schema.map(strictly);
  if (!isObject(schema)) return schema;
  const entries = Object.entries(schema).filter(
    ([keyword, value]) =>
      !(keyword === "additionalProperties" && value === true && "properties" in schema),
  );
  return Object.fromEntries(entries.map(([keyword, value]) => [keyword, strictly(value)]));
}

function fromText(value: string | readonly string[], schema: Json): unknown {
  const type = isObject(schema) ? schema["type"] : undefined;
  if (type === "integer" || type === "number") return value === "" ? value : Number(value);
  if (type === "boolean") return value === "true" || (value === "false" ? false : value);
  return value;
}

/** Diffs, patches and raw files are asked for by media type and are not JSON. */
const asksForText = ({ headers }: Exchange["request"]): boolean =>
  /github\.(v3\.)?(diff|patch|raw|html|sha)/.test(headers["accept"] ?? "");

const isEmpty = (body: unknown): boolean => body === undefined || body === null || body === "";
