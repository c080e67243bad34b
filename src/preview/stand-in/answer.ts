// A stand-in for one answer: made from its schema, held against it, made again until it fits.

import { compileAnswerCheck } from "../../agent/answer.ts";
import type { Json, JsonObject } from "../../engine/json.ts";
import { Impossible, type MakeGiven, makeValue } from "./make.ts";
import type { Mood } from "./mood.ts";
import { seeded } from "./seeded.ts";
import { variantOf } from "./variants.ts";

const TRIES = 60;
/** After this many tries lists may have other lengths, after twice as many flags may lean elsewhere. */
const PATIENCE = 12;

/** `why` says what does not fit; the value is then the nearest there is, or null. */
export type StandIn = { fits: true; value: Json } | { fits: false; value: Json; why: string };

export type StandInGiven = Omit<MakeGiven, "root" | "chance"> & {
  /** Equal seeds, equal answers. */
  seed: string;
  /** Not the first answer but the how many-th other one. */
  variant?: number;
};

/** A value for a schema with `type: "object"` at its root, as agents answer with. */
export function standInFor(schema: JsonObject, given: StandInGiven): StandIn {
  const compiled = compileAnswerCheck(schema);
  if (!compiled.ok) return { fits: false, value: null, why: compiled.why };
  let last: StandIn = { fits: false, value: null, why: "nothing could be made" };
  for (let attempt = 0; attempt < TRIES; attempt += 1) {
    const chance = seeded(`${given.seed}\n${attempt}`);
    try {
      const mood = moodFor(given.mood, attempt);
      const value = makeValue(schema, { ...given, mood, chance, root: schema });
      const checked = compiled.check(value);
      if (checked.fits) {
        const { variant = 0, words } = given;
        const { check } = compiled;
        return {
          fits: true,
          value: variant === 0 ? value : variantOf(value, variant, { check, words }),
        };
      }
      last = { fits: false, value, why: checked.why };
    } catch (error) {
      if (!(error instanceof Impossible)) throw error;
      last = { fits: false, value: null, why: error.message };
    }
  }
  return last;
}

/** A value for any schema, also for one whose root is no object; the nearest there is when none fits. */
export function standInInside(schema: JsonObject, given: StandInGiven): Json {
  const wrapped = { type: "object", required: ["it"], properties: { it: schema } };
  const { value } = standInFor(wrapped, given);
  const isWhole = typeof value === "object" && value !== null && !Array.isArray(value);
  return isWhole ? (value["it"] ?? null) : null;
}

function moodFor(mood: Mood, attempt: number): Mood {
  if (attempt < PATIENCE) return mood;
  const items = (["usual", "few", "many"] as const)[attempt % 3] ?? "usual";
  if (attempt < PATIENCE * 2) return { ...mood, items, turn: mood.turn + attempt };
  return { items, flags: "mixed", turn: attempt, lean: attempt % 2 === 0 };
}
