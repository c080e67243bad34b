// A process that drives whatever a queue hands to it, for ever, and says when it is asked whether it may act.

import { createInterface } from "node:readline";

import { systemClock } from "../../src/outside/clock.ts";
import { createMemoryLog } from "../../src/outside/memory/log.ts";
import { openBull, type LossTimes, usualLossTimes } from "../../src/outside/queue/bull.ts";
import { createBullQueue } from "../../src/outside/queue/bull-queue.ts";
import { acting, permitNow } from "../../src/world/permit.ts";

const [url = "", space = "", times = "usual"] = process.argv.slice(2);
const soon: LossTimes = { lockMs: 800, renewMs: 200, lookMs: 200 };

const log = createMemoryLog();
const lossTimes = times === "soon" ? soon : usualLossTimes;
const bull = await openBull({ url, log, space, times: lossTimes });
const limits = { atOnce: 1, guests: 0, perRepository: 1, perInstallation: 1 };
const queue = createBullQueue({ bull, limits, clock: systemClock, log });
const say = (line: string): void => void process.stdout.write(`${line}\n`);

queue.start(async () => {
  // As a request deep below a driver asks: by what it was begun with.
  const permit = permitNow() ?? (() => Promise.reject(new Error("There is no permit.")));
  say("drives");
  createInterface({ input: process.stdin }).on("line", () => {
    acting(permit, () => permitNow()?.() ?? Promise.resolve()).then(
      () => say("acts"),
      (error: Error) => say(`is silent: ${error.name}`),
    );
  });
  return await new Promise<never>(() => {});
});
