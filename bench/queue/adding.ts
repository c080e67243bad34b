// What it costs to add one run while many wait.

import { systemClock } from "../../src/outside/clock.ts";
import { createMemoryLog } from "../../src/outside/memory/log.ts";
import { type Bull, jobOptions, openBull } from "../../src/outside/queue/bull.ts";
import { createBullQueue } from "../../src/outside/queue/bull-queue.ts";
import type { Wake } from "../../src/world/queue.ts";
import { median, round } from "../statistics.ts";
import type { Engine } from "./engines.ts";
import type { Adding } from "./result.ts";

const INSTALLATIONS = 50;
const TIMES = 20;

const wakeOf = (at: number): Wake => ({
  run: `run-${at}`,
  repository: { installationId: at % INSTALLATIONS, repositoryId: at, owner: "o", name: "n" },
});

/** Null for a queue in the process: it costs nothing that could be seen. */
export async function measureAdding(
  { name, start }: Engine,
  waiting: number,
): Promise<Adding | null> {
  if (start === null) return null;
  await using server = await start();
  const log = createMemoryLog();
  const bull = await openBull({ url: server.url, log });
  await fill(bull, waiting);
  const limits = { atOnce: 1, perRepository: 1, perInstallation: 1, guests: 0 };
  const queue = createBullQueue({ bull, limits, clock: systemClock, log });
  const times: number[] = [];
  for (let at = 0; at < TIMES; at += 1) {
    const begun = performance.now();
    await queue.add(wakeOf(waiting + at));
    times.push(performance.now() - begun);
  }
  await queue.close(0);
  const [first = 0, ...others] = times;
  return { engine: name, waiting, firstMs: round(first), p50Ms: round(median(others)) };
}

/** As other processes would have left them. */
async function fill(bull: Bull, waiting: number): Promise<void> {
  const queue = bull.queue("runs");
  for (let at = 0; at < waiting; at += 1) {
    const data = { ...wakeOf(at), due: Date.now() };
    await queue.add("runs", data, { ...jobOptions, jobId: data.run, priority: 1 + at });
  }
  await queue.close();
}
