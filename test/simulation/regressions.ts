// Worlds that once broke: a seed, the faults that mattered, and what was wrong.

import { readdir, readFile } from "node:fs/promises";

import { z } from "zod";

import { type Fault, isFault } from "./core/fault.ts";
import type { Plan } from "./core/seam.ts";
import type { Decided } from "./world.ts";

const Regression = z.object({
  why: z.string(),
  seed: z.int(),
  /** Both as they once were in all worlds; left out: drawn from the seed. */
  isClumsy: z.boolean().optional(),
  refsPerPush: z.int().nullable().optional(),
  edition: z.literal([1, 2]),
  /** Null in worlds of before there were caps. */
  capUsd: z.number().nullable().default(null),
  plan: z.array(z.tuple([z.string(), z.custom<Fault>(isFault)])),
});

const folder = new URL("regressions/", import.meta.url);

/** Names of the files, sorted. */
export const regressionNames = async (): Promise<string[]> =>
  (await readdir(folder)).filter((name) => name.endsWith(".json")).toSorted();

type Stored = Omit<z.infer<typeof Regression>, "plan"> & { plan: Map<string, Fault> };

export async function readRegression(name: string): Promise<Stored> {
  return worldOf(await readFile(new URL(name, folder), "utf8"));
}

/** The world of a stored file. */
export function worldOf(text: string): Stored {
  const { plan, ...rest } = Regression.parse(JSON.parse(text));
  return { ...rest, plan: new Map(plan) };
}

/** The file of a world that broke, as it is stored; why it did is for whoever finds out. */
export const fileOf = (world: Decided, plan: Plan): string =>
  `${JSON.stringify({ why: "", ...world, plan: [...plan] }, null, 2)}\n`;
