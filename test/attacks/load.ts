// Reads attack cases; a word that is not known here fails instead of being skipped.

import { readFileSync } from "node:fs";

import { z } from "zod";

const AttackCase = z.strictObject({
  id: z.string(),
  class: z.string(),
  test: z.string(),
  kind: z.enum(["literal", "scenario"]),
  input: z.union([z.string(), z.record(z.string(), z.unknown())]),
  outcome: z.enum(["allow", "refuse", "data", "hold"]),
  expected: z.string(),
  source: z.string(),
});
export type AttackCase = z.infer<typeof AttackCase>;

/** The cases of one file of this folder that belong to one test; fails when there are none. */
export function attacksOf(file: string, test: string): AttackCase[] {
  const lines = readFileSync(new URL(file, import.meta.url), "utf8")
    .trim()
    .split("\n");
  const cases = lines.map((line) => AttackCase.parse(JSON.parse(line)));
  const own = cases.filter((attack) => attack.test === test);
  if (own.length === 0) throw new Error(`No case in ${file} is for ${test}.`);
  return own;
}

/** The input of a literal case. */
export function literalOf(attack: AttackCase): string {
  if (typeof attack.input === "string") return attack.input;
  throw new Error(`${attack.id} is no literal case.`);
}
