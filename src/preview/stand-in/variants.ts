// Other answers than the first: each differs in one place, so that a script that refuses one may accept the next.

import type { AnswerCheck } from "../../agent/answer.ts";
import type { Json, JsonObject } from "../../engine/json.ts";

type Words = ReadonlyMap<string, readonly string[]>;

/** The n-th variant that fits, from 1, or the value itself when there are not so many. */
export function variantOf(
  value: Json,
  n: number,
  { check, words }: { check: AnswerCheck; words: Words },
): Json {
  let left = n;
  for (const variant of variantsOf(value, "", words)) {
    if (!check(variant).fits) continue;
    left -= 1;
    if (left === 0) return variant;
  }
  return value;
}

/** Flags first, near the root first: they decide most. */
function* variantsOf(value: Json, name: string, words: Words): Generator<Json> {
  for (const kind of ["boolean", "list", "text"] as const)
    yield* changed(value, { kind, name, words });
}

interface Change {
  kind: "boolean" | "list" | "text";
  name: string;
  words: Words;
}

function* changed(value: Json, change: Change): Generator<Json> {
  const { kind } = change;
  if (typeof value === "boolean" && kind === "boolean") yield !value;
  if (typeof value === "string" && kind === "text") yield* texts(value, change);
  if (Array.isArray(value)) yield* lists(value, change);
  else if (typeof value === "object" && value !== null) yield* objects(value, change);
}

function* lists(value: readonly Json[], change: Change): Generator<Json> {
  const [first] = value;
  if (first === undefined) return;
  if (change.kind === "list") yield [];
  // Items are made alike: one of them is changed for all.
  for (const other of changed(first, change)) yield value.map(() => other);
}

function* objects(value: JsonObject, change: Change): Generator<Json> {
  for (const [key, part] of Object.entries(value)) {
    for (const other of changed(part, { ...change, name: key })) yield { ...value, [key]: other };
  }
}

function* texts(value: string, { name, words }: Change): Generator<Json> {
  for (const word of words.get(name) ?? []) if (word !== value) yield word;
  if (value !== "") yield "";
}
