// The doctor as production has it: this machine, GitHub and the model, and every secret of the environment kept back.

import type { Env } from "./config/env.ts";
import { concealing } from "./doctor/conceal.ts";
import { createDoctor, type Doctor, type Patient } from "./doctor/examine.ts";
import { thisMachine } from "./doctor/machine.ts";
import { hide } from "./log.ts";

type Variables = Readonly<Record<string, string | undefined>>;

/** Opens the doctor; nothing is looked at yet. */
export function openDoctor(world: Patient["world"], env: Env, variables: Variables): Doctor {
  return createDoctor({ world, env, machine: thisMachine, conceal: concealingAll(variables, env) });
}

/** What the environment holds, what was read from a file it names, and whatever looks like a secret. */
export function concealingAll(variables: Variables, env: Env | null): (text: string) => string {
  const conceal = concealing({ ...variables, KEY_OF_FILE: env?.privateKey });
  return (text) => hide(conceal(text));
}
