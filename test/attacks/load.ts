// Reads attack cases; a word that is not known here fails instead of being skipped.

import { readFileSync } from "node:fs";

import { z } from "zod";

const AttackCase = z.strictObject({
  id: z.string(),
  class: z.string(),
  test: z.string(),
  kind: z.enum(["literal", "scenario"]),
  input: z.union([z.string(), z.record(z.string(), z.unknown())]),
  outcome: z.enum([
    "allow",
    "clean",
    "refuse",
    "ignore",
    "data",
    "hold",
    "stop",
    "contain",
    "record",
  ]),
  /** Of attacks on the sandbox: how the run may end. */
  status: z.array(z.string()).optional(),
  expected: z.string(),
  source: z.string(),
});
export type AttackCase = z.infer<typeof AttackCase>;

/** All cases of one file of this folder. */
export function attacksIn(file: string): AttackCase[] {
  const lines = readFileSync(new URL(file, import.meta.url), "utf8")
    .trim()
    .split("\n");
  return lines.map((line) => AttackCase.parse(JSON.parse(line)));
}

/** The cases of one file of this folder that belong to one test; fails when there are none. */
export function attacksOf(file: string, test: string): AttackCase[] {
  const cases = attacksIn(file);
  const own = cases.filter((attack) => attack.test === test);
  if (own.length === 0) throw new Error(`No case in ${file} is for ${test}.`);
  return own;
}

/** The input of a literal case. */
export function literalOf(attack: AttackCase): string {
  if (typeof attack.input === "string") return attack.input;
  throw new Error(`${attack.id} is no literal case.`);
}

/** The script of a case that attacks the sandbox. */
export function scriptOf({ id, input }: AttackCase): string {
  const script = typeof input === "string" ? undefined : input["script"];
  if (typeof script === "string") return script;
  throw new Error(`${id} has no script.`);
}

/** One case by its id. */
export function attack(file: string, id: string): AttackCase {
  const found = attacksIn(file).find((each) => each.id === id);
  if (found === undefined) throw new Error(`No case of ${file} is called ${id}.`);
  return found;
}
