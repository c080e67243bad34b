// The queue from outside: how long people wait, how much a fleet does, how soon a lost worker's run goes on.

import { loadavg } from "node:os";

import { round } from "../statistics.ts";
import { measureAdding } from "./adding.ts";
import { engines } from "./engines.ts";
import { measureFirstAgent } from "./first-agent.ts";
import { measureRate } from "./rate.ts";
import { measureRecovery } from "./recovery.ts";
import type { Adding, FirstAgent, QueueResult, Rate } from "./result.ts";
import type { QueueSizes } from "./sizes.ts";

export async function measureQueue(
  { engines: count, commands, rate: size, recovery: killing, waiting }: QueueSizes,
  say: (line: string) => void,
): Promise<QueueResult> {
  const load = (): number => round(loadavg()[0] ?? 0);
  const before = load();
  const firstAgent: FirstAgent[] = [];
  const adding: Adding[] = [];
  for (const engine of engines().slice(0, count)) {
    say(`${engine.name}: from a comment to the first agent …`);
    firstAgent.push(await measureFirstAgent(engine, commands));
    const added = await measureAdding(engine, waiting);
    if (added !== null) adding.push(added);
  }
  const rate: Rate[] = [];
  for (const workers of size.workers) {
    say(`${workers} workers, ${size.runs} runs …`);
    rate.push(await measureRate(workers, size));
  }
  say(`${killing.kills} kills …`);
  const recovery = await measureRecovery(killing);
  return { queue: { firstAgent, rate, recovery, adding, load: { before, after: load() } } };
}
