import { setTimeout as delay } from "node:timers/promises";

import { expect, it } from "vitest";

import { systemClock } from "../../src/outside/clock.ts";
import { createManualClock } from "../../src/outside/memory/clock.ts";
import { clockContract } from "../contracts/clock.contract.ts";

clockContract("system", () => ({ clock: systemClock, pass: (ms) => delay(ms) }));
clockContract("manual", () => {
  const clock = createManualClock();
  return { clock, pass: (ms) => clock.advance(ms) };
});

it("stands still until it is told to move, and forgets sleepers that were aborted", async () => {
  const clock = createManualClock(1_000);
  const abort = new AbortController();
  const sleeping = clock.sleep(10, abort.signal);
  expect(clock.sleepers).toBe(1);
  abort.abort(new Error("enough"));
  await expect(sleeping).rejects.toThrow("enough");
  expect(clock.sleepers).toBe(0);
  expect(clock.now()).toBe(1_000);
});

it("wakes who falls asleep again while time moves on", async () => {
  const clock = createManualClock(0);
  const woken: number[] = [];
  const loop = (async () => {
    for (let turn = 0; turn < 3; turn += 1) {
      await clock.sleep(10);
      woken.push(clock.now());
    }
  })();
  await clock.advance(100);
  await loop;
  expect(woken).toEqual([10, 20, 30]);
  expect(clock.now()).toBe(100);
});

it("runs on its own during a piece of work, and hands its failure on", async () => {
  const clock = createManualClock(0);
  await expect(clock.during(clock.sleep(5_000).then(() => clock.now()))).resolves.toBe(5_000);
  await expect(
    clock.during(clock.sleep(10).then(() => Promise.reject(new Error("broken")))),
  ).rejects.toThrow("broken");
});
