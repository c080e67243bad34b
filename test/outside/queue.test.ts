import { expect, it } from "vitest";

import { systemClock } from "../../src/outside/clock.ts";
import { createMemoryLog } from "../../src/outside/memory/log.ts";
import { createMemoryQueue } from "../../src/outside/memory/queue.ts";
import { createEmbeddedQueue } from "../../src/outside/queue/embedded.ts";
import { queueContract } from "../contracts/queue.contract.ts";

const embedded = (concurrency: number, log = createMemoryLog()) =>
  createEmbeddedQueue({ concurrency, clock: systemClock, log });

queueContract("embedded, one at once", () => embedded(1));
queueContract("embedded, four at once", () => embedded(4));
queueContract("memory", createMemoryQueue);

it("never drives more runs at once than it was told", async () => {
  const queue = embedded(2);
  let now = 0;
  let most = 0;
  const all = Promise.withResolvers<void>();
  let ended = 0;
  queue.start(async () => {
    now += 1;
    most = Math.max(most, now);
    await new Promise((resolve) => setTimeout(resolve, 2));
    now -= 1;
    ended += 1;
    if (ended === 7) all.resolve();
  });
  for (const run of ["a", "b", "c", "d", "e", "f", "g"]) queue.add(run);
  await all.promise;
  await queue.close(1_000);
  expect(most).toBe(2);
});

it("says in the log that a driver failed, and which run it was", async () => {
  const log = createMemoryLog();
  const queue = embedded(1, log);
  queue.start(() => Promise.reject(new Error("out of disk")));
  queue.add("run-7");
  await new Promise((resolve) => setTimeout(resolve, 5));
  await queue.close(1_000);
  expect(log.lines).toMatchObject([{ level: "error", fields: { run: "run-7" } }]);
});

it("does not wait longer than its deadline for a run that will not stop, and names it", async () => {
  const log = createMemoryLog();
  const queue = embedded(1, log);
  queue.start(() => new Promise(() => {}));
  queue.add("stubborn");
  await new Promise((resolve) => setTimeout(resolve, 5));
  await queue.close(10);
  expect(log.lines).toMatchObject([{ level: "warn", fields: { runs: ["stubborn"] } }]);
});

it("hands a driver's failure to whoever waits for the memory queue", async () => {
  const queue = createMemoryQueue();
  queue.start(() => Promise.reject(new Error("driver failed")));
  queue.add("a");
  await expect(queue.idle()).rejects.toThrow("driver failed");
  await expect(queue.idle()).resolves.toBeUndefined();
});
