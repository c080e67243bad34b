// Work that is asked for together, in an order that is not that of who comes first.

import { expect, it } from "vitest";

import { openInOrder } from "../../src/steps/in-order.ts";

const never = new AbortController().signal;

it("lets the lower place go first, and does not wait for one that nobody asked for", async () => {
  const order = openInOrder();
  const went: number[] = [];
  const go = async (place: number): Promise<void> => {
    const done = await order.turn(place, never);
    went.push(place);
    done();
  };
  await Promise.all([go(7), go(3), go(5)]);
  expect(went).toEqual([3, 5, 7]);
  await go(4);
  expect(went.at(-1)).toBe(4);
});

it("gives up its place when it is aborted, so that others go on", async () => {
  const order = openInOrder();
  const first = await order.turn(1, never);
  const stop = new AbortController();
  const second = order.turn(2, stop.signal);
  const third = order.turn(3, never);
  stop.abort(new Error("Stopped."));
  await expect(second).rejects.toThrow("Stopped.");
  first();
  (await third)();
});
