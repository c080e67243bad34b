// What goes on after a webhook was answered: in its order, and after those who still wait for their answer.

import { expect, it } from "vitest";

import { limits } from "../../src/config/limits.ts";
import { createInFlight } from "../../src/deliveries/in-flight.ts";
import { createManualClock } from "../../src/outside/memory/clock.ts";

const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

it("lets work stand back until the last delivery is taken in", async () => {
  const inFlight = createInFlight(createManualClock());
  const gates = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const taking = gates.map(({ promise }) => inFlight.takeIn(() => promise));
  const done: string[] = [];
  inFlight.add("1/3", async () => void done.push("work"));
  gates[0]?.resolve();
  await settle();
  expect(done).toEqual([]);
  gates[1]?.resolve();
  await Promise.all(taking);
  await settle();
  expect(done).toEqual(["work"]);
});

it("begins all the same when deliveries never stop, and when one of them fails", async () => {
  const clock = createManualClock();
  const inFlight = createInFlight(clock);
  const never = Promise.withResolvers<void>();
  void inFlight.takeIn(() => never.promise);
  const failed = inFlight.takeIn(() => Promise.reject(new Error("not kept")));
  await expect(failed).rejects.toThrow("not kept");
  const done: string[] = [];
  const began = clock.now();
  inFlight.add("1/3", async () => void done.push("work"));
  await clock.during(inFlight.drain(10 * limits.web.standBackMs));
  expect(done).toEqual(["work"]);
  expect(clock.now() - began).toBe(limits.web.standBackMs);
});

it("keeps what is said in one thread in its order, and other threads waiting for nobody", async () => {
  const inFlight = createInFlight(createManualClock());
  const gate = Promise.withResolvers<void>();
  const done: string[] = [];
  inFlight.add("1/3", async () => {
    await gate.promise;
    done.push("first");
  });
  inFlight.add("1/3", async () => void done.push("second"));
  inFlight.add("1/4", async () => void done.push("other"));
  await settle();
  expect(done).toEqual(["other"]);
  expect(inFlight.size()).toBe(2);
  gate.resolve();
  await settle();
  expect(done).toEqual(["other", "first", "second"]);
});
