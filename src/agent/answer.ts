// Holds a model's answer against its JSON Schema and says in a sentence what does not fit.

import { Ajv2020, type ErrorObject, type ValidateFunction } from "ajv/dist/2020.js";
import formatsPlugin from "ajv-formats";

import { boundedRegExp, PatternTooSlow } from "./bounded-regexp.ts";
import { contradiction } from "./contradiction.ts";
import type { JsonSchema } from "./json-schema.ts";
import type { Json } from "./model.ts";

export type AnswerCheck = (answer: Json) => { fits: true } | { fits: false; why: string };

/** Characters of one explanation. */
const WHY_CHARS = 2000;
const MISTAKES_SHOWN = 10;

/** A check for a schema, or why the schema itself cannot be used. */
export type CompiledCheck = { ok: true; check: AnswerCheck } | { ok: false; why: string };

/** Checks by the text of their schema, the newest. */
const compiledChecks = new Map<string, CompiledCheck>();
const CHECKS_KEPT = 100;

/** Compiles a schema once: a fan-out asks a thousand times with the same one, and compiling takes some 15 ms. */
export function compileAnswerCheck(schema: JsonSchema): CompiledCheck {
  const text = JSON.stringify(schema);
  const known = compiledChecks.get(text);
  if (known !== undefined) return known;
  if (compiledChecks.size >= CHECKS_KEPT) compiledChecks.clear();
  const compiled = compile(schema);
  compiledChecks.set(text, compiled);
  return compiled;
}

function compile(schema: JsonSchema): CompiledCheck {
  const impossible = contradiction(schema);
  if (impossible !== null) return { ok: false, why: impossible };
  try {
    const validate = newAjv().compile(schema);
    return { ok: true, check: (answer) => check(validate, answer) };
  } catch (error) {
    return { ok: false, why: error instanceof Error ? error.message : String(error) };
  }
}

// A compiler of its own for each schema: two schemas may carry the same `$id`.
function newAjv(): Ajv2020 {
  const ajv = new Ajv2020({
    strict: false,
    allErrors: true,
    logger: false,
    code: { regExp: boundedRegExp },
  });
  formatsPlugin.default(ajv);
  return ajv;
}

function check(validate: ValidateFunction, answer: Json): ReturnType<AnswerCheck> {
  try {
    return validate(answer) ? { fits: true } : { fits: false, why: explain(validate.errors ?? []) };
  } catch (error) {
    if (error instanceof PatternTooSlow) return { fits: false, why: error.message };
    throw error;
  }
}

function explain(errors: readonly ErrorObject[]): string {
  const mistakes = [...new Set(errors.map(sentence))];
  const more = mistakes.length - MISTAKES_SHOWN;
  const shown = mistakes.slice(0, MISTAKES_SHOWN).join("; ");
  return `${shown}${more > 0 ? `; and ${more} more` : ""}`.slice(0, WHY_CHARS);
}

function sentence(error: ErrorObject): string {
  const where = error.instancePath === "" ? "the answer" : error.instancePath;
  return `${where} ${error.message ?? `breaks "${error.keyword}"`}${detail(error)}`;
}

function detail({ params }: ErrorObject): string {
  const { allowedValues, additionalProperty } = params;
  if (Array.isArray(allowedValues)) return `: ${JSON.stringify(allowedValues)}`;
  return typeof additionalProperty === "string" ? `: "${additionalProperty}"` : "";
}
