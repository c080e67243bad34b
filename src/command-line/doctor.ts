// `fanfold doctor`: looks at the environment, this machine, the App at GitHub and the model, for people or as JSON.

import { type Env, EnvError, readEnv } from "../config/env.ts";
import { lookAtMachine } from "../doctor/examine.ts";
import { failure, type Finding, isHealthy } from "../doctor/finding.ts";
import { thisMachine } from "../doctor/machine.ts";
import { concealingAll, openDoctor } from "../open-doctor.ts";
import { openOffices } from "../open-world.ts";
import { systemClock } from "../outside/clock.ts";
import type { Log } from "../world/log.ts";
import { renderDoctor } from "./render-doctor.ts";
import type { Terminal } from "./terminal.ts";

type Variables = Readonly<Record<string, string | undefined>>;

/** Looks and changes nothing; resolves to the exit status: 1 when something keeps the bot from working. */
export async function runDoctor(
  variables: Variables,
  options: { json: boolean },
  terminal: Terminal,
): Promise<number> {
  const findings = await examineAll(variables);
  const ok = isHealthy(findings);
  terminal.print(
    options.json
      ? JSON.stringify({ ok, findings }, null, 2)
      : renderDoctor(findings, terminal.paint),
  );
  return ok ? 0 : 1;
}

async function examineAll(variables: Variables): Promise<readonly Finding[]> {
  try {
    const env = readEnv(variables);
    return await examineWith(env, variables);
  } catch (error) {
    if (!(error instanceof EnvError)) throw error;
    return await examineWithout(error, variables);
  }
}

function examineWith(env: Env, variables: Variables): Promise<readonly Finding[]> {
  const world = { ...openOffices(env, silent), clock: systemClock };
  return openDoctor(world, env, variables).examine();
}

/** Nobody outside can be asked before the environment is in order; this machine can be looked at. */
async function examineWithout(
  { message }: EnvError,
  variables: Variables,
): Promise<readonly Finding[]> {
  const where =
    (variables["APP_ID"] ?? "").trim() === ""
      ? "Set it in the bot's environment or in .env. Where there is no App yet, `npx fanfold setup` makes one and writes its variables."
      : "Set it in the bot's environment or in .env.";
  const fix = `${where} GitHub and the model are looked at when all can be read.`;
  const conceal = concealingAll(variables, null);
  const mistakes = message.split("\n").map((line) => failure("environment", conceal(line), fix));
  const machine = await Promise.all(
    lookAtMachine(thisMachine, variables["FANFOLD_DATA"]?.trim() || "./data"),
  );
  return [...mistakes, ...machine.flat()];
}

/** What the clients say on the way stands in the findings. */
const silent: Log = { info: () => {}, warn: () => {}, error: () => {} };
