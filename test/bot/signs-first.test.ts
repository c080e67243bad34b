// Of many who speak at once each is heard soon: signs go before what answering others takes.

import { expect, it } from "vitest";

import { createSignsFirst } from "../../src/bot/signs-first.ts";
import { limits } from "../../src/config/limits.ts";
import { createManualClock } from "../../src/outside/memory/clock.ts";

const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

function conversations(count: number) {
  const clock = createManualClock();
  const signs = createSignsFirst(clock);
  const gates = Array.from({ length: count }, () => Promise.withResolvers<void>());
  const order: string[] = [];
  const all = gates.map(async ({ promise }, at) => {
    await signs.give(async () => {
      await promise;
      order.push(`sign ${at}`);
    });
    order.push(`answer ${at}`);
  });
  return { clock, signs, order, all: Promise.all(all), give: (at: number) => gates[at]?.resolve() };
}

it("answers nobody before all who spoke at the same time were given their sign", async () => {
  const { order, all, give } = conversations(3);
  for (const at of [2, 0, 1]) {
    give(at);
    await settle();
  }
  await all;
  expect(order.slice(0, 3)).toEqual(["sign 2", "sign 0", "sign 1"]);
  expect(order.slice(3).toSorted()).toEqual(["answer 0", "answer 1", "answer 2"]);
});

it("waits for none that was begun after one's own was given", async () => {
  const { signs, order, give } = conversations(2);
  give(0);
  await settle();
  void signs.give(() => new Promise(() => {}));
  give(1);
  await settle();
  // The second one's own was given after the third had begun.
  expect(order).toEqual(["sign 0", "sign 1", "answer 0"]);
});

it("waits for one that GitHub holds up no longer than people wait for a sign", async () => {
  const { clock, order, give } = conversations(2);
  give(0);
  await settle();
  expect(order).toEqual(["sign 0"]);
  await clock.advance(limits.web.signsMs);
  await settle();
  expect(order).toEqual(["sign 0", "answer 0"]);
});

it("lets the others go on when a sign fails, and says so to whom it concerns", async () => {
  const signs = createSignsFirst(createManualClock());
  const failing = signs.give(() => Promise.reject(new Error("refused")));
  const other = signs.give(async () => {});
  await expect(failing).rejects.toThrow("refused");
  await other;
});
