// Kills and freezes workers, and takes their database away for a while, as a plan says.

import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";

import type { Server } from "../../servers/machine.ts";
import type { Life } from "./bots.ts";
import type { Town } from "./town.ts";
import { type Deed, type Plan, textOf } from "./deeds.ts";

export interface Stage {
  town: Pick<Town, "start">;
  redis: Pick<Server, "kill" | "restart">;
  /** The workers by number; one that is killed is replaced. */
  lives: Life[];
  plan: Plan;
  say: (line: string) => void;
}

/** Goes on until the plan or everything is over; resolves when nobody is frozen any more. How often each was done. */
export async function disturb(
  stage: Stage,
  over: AbortSignal,
): Promise<Record<Deed["kind"], number>> {
  const done = { kill: 0, freeze: 0, restart: 0 };
  for (let index = 0; !over.aborted; index += 1) {
    const step = stage.plan(index);
    if (step === null) break;
    await sleep(step.waitMs, undefined, { signal: over }).catch(() => undefined);
    if (over.aborted) break;
    stage.say(`${index}: ${textOf(step)}`);
    done[step.kind] += 1;
    await carryOut(stage, step);
  }
  return done;
}

function carryOut(stage: Stage, deed: Deed): Promise<void> {
  switch (deed.kind) {
    case "kill":
      return kill(stage, deed);
    case "freeze":
      return freeze(stage, deed);
    case "restart":
      return restart(stage, deed);
  }
}

async function kill(
  { town, lives }: Stage,
  { worker, place }: Deed & { kind: "kill" },
): Promise<void> {
  const life = lives[worker];
  if (life === undefined) return;
  life.child.kill("SIGKILL");
  if (!life.ended()) await once(life.child, "exit");
  lives[worker] = await town.start(place === "the same disk" ? life.disk : undefined, "work");
}

async function freeze(
  { lives }: Stage,
  { worker, forMs }: Deed & { kind: "freeze" },
): Promise<void> {
  const child = lives[worker]?.child;
  child?.kill("SIGSTOP");
  await sleep(forMs);
  child?.kill("SIGCONT");
}

async function restart({ redis }: Stage, { awayMs }: Deed & { kind: "restart" }): Promise<void> {
  await redis.kill();
  await sleep(awayMs);
  await redis.restart();
}
