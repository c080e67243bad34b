// Names calls by what they ask, so that a resume finds their outcomes wherever they stand.

import { createHash } from "node:crypto";

import type { Json, JsonObject } from "../json.ts";

const HASH_CHARS = 20;

/**
 * Makes the function that names a run's calls: a hash of step and identity, then `.` and how often it was asked so
 * far, from 1, in the order of asking. Two equal questions get two names; `label` and `phase` play no part.
 */
export function createKeys(): (step: string, identity: Json) => string {
  const askedTimes = new Map<string, number>();
  return (step, identity) => {
    const hash = createHash("sha256")
      .update(canonical([step, identity]))
      .digest("hex")
      .slice(0, HASH_CHARS);
    const times = (askedTimes.get(hash) ?? 0) + 1;
    askedTimes.set(hash, times);
    return `${hash}.${times}`;
  };
}

/** JSON with the keys of every object in one order, so that equal values are equal texts. */
export function canonical(value: Json): string {
  return JSON.stringify(value, (_, part: Json) => (isObject(part) ? sorted(part) : part));
}

function isObject(value: Json): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function sorted(value: JsonObject): JsonObject {
  const keys = Object.keys(value).sort();
  return Object.fromEntries(keys.map((key) => [key, value[key] ?? null]));
}
