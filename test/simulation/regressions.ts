// Worlds that once broke: a seed, the faults that mattered, and what was wrong.

import { readdir, readFile } from "node:fs/promises";

import { z } from "zod";

import { type Fault, isFault } from "./core/fault.ts";

const Regression = z.object({
  why: z.string(),
  seed: z.int(),
  /** Both as they once were in all worlds; left out: drawn from the seed. */
  isClumsy: z.boolean().optional(),
  refsPerPush: z.int().nullable().optional(),
  edition: z.union([z.literal(1), z.literal(2)]).default(1),
  /** Null in worlds of before there were caps. */
  capUsd: z.number().nullable().default(null),
  plan: z.array(z.tuple([z.string(), z.custom<Fault>(isFault)])),
});

const folder = new URL("regressions/", import.meta.url);

/** Names of the files, sorted. */
export const regressionNames = async (): Promise<string[]> =>
  (await readdir(folder)).filter((name) => name.endsWith(".json")).toSorted();

export async function readRegression(
  name: string,
): Promise<Omit<z.infer<typeof Regression>, "why" | "plan"> & { plan: Map<string, Fault> }> {
  const text = await readFile(new URL(name, folder), "utf8");
  const { plan, why: _, ...rest } = Regression.parse(JSON.parse(text));
  return { ...rest, plan: new Map(plan) };
}
