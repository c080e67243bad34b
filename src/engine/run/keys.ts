// Names calls by what they ask, so that a resume finds their outcomes wherever they stand.

import { hash as hashOf } from "node:crypto";

import type { Json } from "../json.ts";

const HASH_CHARS = 20;

/**
 * Makes the function that names a run's calls: a hash of step and identity, then `.` and how often it was asked so
 * far, from 1, in the order of asking. Two equal questions get two names; `label` and `phase` play no part.
 */
export function createKeys(): (step: string, identity: Json) => string {
  const askedTimes = new Map<string, number>();
  return (step, identity) => {
    const hash = hashOf("sha256", canonical([step, identity]), "hex").slice(0, HASH_CHARS);
    const times = (askedTimes.get(hash) ?? 0) + 1;
    askedTimes.set(hash, times);
    return `${hash}.${times}`;
  };
}

/** JSON with the keys of every object in one order, so that equal values are equal texts. */
export function canonical(value: Json): string {
  return JSON.stringify(ordered(value));
}

// The value itself where it is in order already, as nearly all are: every call is named, and copies cost most of it.
function ordered(value: Json): Json {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return orderedList(value);
  const keys = Object.keys(value);
  const parts = keys.map((key) => ordered(value[key] ?? null));
  const isOrdered = keys.every(
    (key, index) => parts[index] === value[key] && (index === 0 || (keys[index - 1] ?? "") < key),
  );
  if (isOrdered) return value;
  const entries = keys.map((key, index): [string, Json] => [key, parts[index] ?? null]);
  return Object.fromEntries(entries.sort(([one], [other]) => (one < other ? -1 : 1)));
}

function orderedList(list: Json[]): Json[] {
  const parts = list.map(ordered);
  return parts.every((part, index) => part === list[index]) ? list : parts;
}
