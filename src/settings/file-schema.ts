// The file as one schema, made from the table of keys; the published JSON Schema comes from it.

import { z } from "zod";

import type { Said } from "./effective.ts";
import { allKeys, keys, sections } from "./keys.ts";
import { section } from "./values.ts";

type Shape = Record<string, z.ZodType>;

/** `limits.agents` stands as `agents` under `limits`. */
export function placeOf(key: string): [string] | [string, string] {
  const [first = key, second] = key.split(".");
  return second === undefined ? [first] : [first, second];
}

function shapeOf(): Shape {
  const shape: Shape = {};
  const inside: Record<string, Shape> = {};
  for (const [key, { schema, does, fallback }] of Object.entries(keys)) {
    const [first, second] = placeOf(key);
    const described = schema.meta({ description: does, ...defaultOf(fallback) }).optional();
    if (second === undefined) shape[first] = described;
    else (inside[first] ??= {})[second] = described;
  }
  for (const [name, each] of Object.entries(inside)) {
    shape[name] = section(each)
      .describe(sections[name] ?? "")
      .optional();
  }
  return shape;
}

const defaultOf = (fallback: unknown) => (fallback === null ? {} : { default: fallback });

/** The whole file. Everything may be left out. */
export const fileSchema = section(shapeOf()).describe(
  "How Fanfold works in a repository: .github/fanfold.yml on its default branch.",
);

/** A file that fits the schema, by the keys of the table. */
export function saidIn(file: z.infer<typeof fileSchema>): Said {
  return Object.fromEntries(
    allKeys.flatMap((key) => {
      const value = valueAt(file, placeOf(key));
      return value === undefined ? [] : [[key, value]];
    }),
  );
}

function valueAt(value: unknown, place: readonly string[]): unknown {
  const [first, ...rest] = place;
  if (first === undefined) return value;
  if (typeof value !== "object" || value === null || !Object.hasOwn(value, first)) return undefined;
  return valueAt(Reflect.get(value, first), rest);
}

/** For editors: `# yaml-language-server: $schema=…` at the top of the file completes and checks it while it is written. */
export function publishedSchema(): unknown {
  return { ...z.toJSONSchema(fileSchema, { io: "input" }), title: ".github/fanfold.yml" };
}
