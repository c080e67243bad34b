import { expect, it } from "vitest";

import { systemClock } from "../../src/outside/clock.ts";
import { createMemoryLog } from "../../src/outside/memory/log.ts";
import { createMemoryQueue } from "../../src/outside/memory/queue.ts";
import { createEmbeddedQueue } from "../../src/outside/queue/embedded.ts";
import type { Queue, QueueLimits } from "../../src/world/queue.ts";
import { type QueueHome, queueContract, wakeOf } from "../contracts/queue.contract.ts";

const one = { atOnce: 1, guests: 0, perRepository: 10, perInstallation: 10 };

const embedded = (limits: QueueLimits, log = createMemoryLog()) =>
  createEmbeddedQueue({ limits, clock: systemClock, log });

const alone = async (queue: Queue): Promise<QueueHome> => ({
  queue,
  another: null,
  wipe: null,
  [Symbol.asyncDispose]: () => queue.close(1_000),
});

queueContract("embedded", (limits) => alone(embedded(limits)));

it("never drives more runs at once than it was told", async () => {
  const queue = embedded({ ...one, atOnce: 2 });
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
    return null;
  });
  for (const run of ["a", "b", "c", "d", "e", "f", "g"]) await queue.add(wakeOf(run));
  await all.promise;
  await queue.close(1_000);
  expect(most).toBe(2);
});

it("says in the log that a driver failed, and which run it was", async () => {
  const log = createMemoryLog();
  const queue = embedded(one, log);
  queue.start(() => Promise.reject(new Error("out of disk")));
  await queue.add(wakeOf("run-7"));
  await new Promise((resolve) => setTimeout(resolve, 5));
  await queue.close(1_000);
  expect(log.lines).toMatchObject([{ level: "error", fields: { run: "run-7" } }]);
});

it("does not wait longer than its deadline for a run that will not stop, and names it", async () => {
  const log = createMemoryLog();
  const queue = embedded(one, log);
  queue.start(() => new Promise(() => {}));
  await queue.add(wakeOf("stubborn"));
  await new Promise((resolve) => setTimeout(resolve, 5));
  await queue.close(10);
  expect(log.lines).toMatchObject([{ level: "warn", fields: { runs: ["stubborn"] } }]);
});

it("hands a driver's failure to whoever waits for the memory queue", async () => {
  const queue = createMemoryQueue(systemClock);
  queue.start(() => Promise.reject(new Error("driver failed")));
  await queue.add(wakeOf("a"));
  await expect(queue.idle()).rejects.toThrow("driver failed");
  await expect(queue.idle()).resolves.toBeUndefined();
});

it("drives one run after the other, in the order they were added, sleepers when they wake", async () => {
  const queue = createMemoryQueue(systemClock);
  const driven: string[] = [];
  const all = Promise.withResolvers<void>();
  queue.start(async ({ run }) => {
    driven.push(run);
    if (driven.length === 5) all.resolve();
    return run === "twice" && driven.length < 4 ? 10 : null;
  });
  await queue.add(wakeOf("sleeps"), { delayMs: 30 });
  for (const run of ["first", "twice", "third"]) await queue.add(wakeOf(run));
  await all.promise;
  await queue.close(1_000);
  expect(driven).toEqual(["first", "twice", "third", "twice", "sleeps"]);
});
