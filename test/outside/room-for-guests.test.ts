// One process with the places of production: whoever asks for one run does not wait for somebody's fifty.

import { expect, it } from "vitest";

import { queueLimits } from "../../src/config/limits.ts";
import { createManualClock } from "../../src/outside/memory/clock.ts";
import { createMemoryLog } from "../../src/outside/memory/log.ts";
import { createEmbeddedQueue } from "../../src/outside/queue/embedded.ts";
import { wakeOf } from "../contracts/queue.contract.ts";

it("drives the runs of ten installations at once beside one that asked for fifty", async () => {
  const options = { limits: queueLimits, clock: createManualClock(), log: createMemoryLog() };
  const queue = createEmbeddedQueue(options);
  queue.start(() => new Promise(() => {}));
  for (let at = 0; at < 50; at += 1) await queue.add(wakeOf(`crowd-${at}`, 100 + at, 1));
  for (let at = 0; at < 10; at += 1) await queue.add(wakeOf(`other-${at}`, 200 + at, 2 + at));
  const driven = (await queue.entries()).filter(({ state }) => state === "driven");
  const others = driven.filter(({ run }) => run.startsWith("other-"));
  expect(others).toHaveLength(10);
  expect(driven.length - others.length).toBe(queueLimits.atOnce);
});
