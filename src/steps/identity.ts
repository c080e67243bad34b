// Which part of a call's input makes it the same question.

import type { Json, JsonObject } from "../engine/json.ts";

/** Who is asked is part of the question. */
export const STAFF_FIELDS = ["model", "effort", "agentType"] as const;

/** Journals of before it could be given know nothing of it, so it is there only when it is given. */
export const dataOf = ({ data }: JsonObject): { [name: string]: Json } =>
  data == null ? {} : { data };

/** The named fields of an input, null where they are missing: everything that changes the outcome, and nothing else. */
export function fieldsOf(input: JsonObject, names: readonly string[]): { [name: string]: Json } {
  return Object.fromEntries(names.map((name) => [name, input[name] ?? null]));
}
