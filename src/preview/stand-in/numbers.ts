// Stand-in numbers, within what their schema allows.

import type { JsonObject } from "../../engine/json.ts";
import type { Mood } from "./mood.ts";
import type { Seeded } from "./seeded.ts";

/** A number for a field: high where the mood is good, low where it is bad. */
export function standInNumber(
  schema: JsonObject,
  name: string,
  { chance, mood }: { chance: Seeded; mood: Mood },
): number {
  const whole = typeIs(schema, "integer");
  const step = numberOr(schema["multipleOf"], whole ? 1 : 0);
  const { low, high } = bounds(schema, name, whole);
  const share = { good: 0.9, yes: 1, bad: 0.2, no: 0, mixed: chance.between(0, 100) / 100 }[
    mood.flags
  ];
  const near = Math.min(1, Math.max(0, share + chance.between(-5, 5) / 100));
  const value = low + (high - low) * near;
  if (step === 0) return Math.round(value * 1_000) / 1_000;
  const first = Math.ceil(low / step) * step;
  const snapped = first + Math.floor((value - first) / step) * step;
  return Number((snapped < low ? first : snapped).toPrecision(12));
}

function bounds(schema: JsonObject, name: string, whole: boolean): { low: number; high: number } {
  const gap = whole ? 1 : 0.001;
  const usual = usualRange(name, whole);
  const least = Math.max(
    numberOr(schema["minimum"], -Infinity),
    numberOr(schema["exclusiveMinimum"], -Infinity) + gap,
  );
  const most = Math.min(
    numberOr(schema["maximum"], Infinity),
    numberOr(schema["exclusiveMaximum"], Infinity) - gap,
  );
  const width = usual.high - usual.low;
  if (least === -Infinity && most === Infinity) return usual;
  if (least === -Infinity) return { low: Math.min(usual.low, most - width), high: most };
  if (most === Infinity) return { low: least, high: Math.max(usual.high, least + width) };
  return { low: least, high: most };
}

function usualRange(name: string, whole: boolean): { low: number; high: number } {
  if (/confidence|probability|ratio|likelihood/i.test(name) && !whole) return { low: 0, high: 1 };
  if (/score|percent|coverage|rating|confidence/i.test(name)) return { low: 0, high: 100 };
  if (/line|^pr$|issue|number$/i.test(name)) return { low: 1, high: 40 };
  return { low: 1, high: 5 };
}

export function typeIs(schema: JsonObject, type: string): boolean {
  const types = schema["type"];
  return (
    types === type || (Array.isArray(types) && types.includes(type) && !types.includes("number"))
  );
}

export const numberOr = (value: unknown, otherwise: number): number =>
  typeof value === "number" ? value : otherwise;
