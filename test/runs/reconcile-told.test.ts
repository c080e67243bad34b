// What was told is heard by a run that sleeps, and does not lie there for ever.

import { expect, it } from "vitest";

import { limits } from "../../src/config/limits.ts";
import { createManualClock } from "../../src/outside/memory/clock.ts";
import { createMemoryFleet } from "../../src/outside/memory/fleet.ts";
import { createMemoryQueue } from "../../src/outside/memory/queue.ts";
import { reconcileTold } from "../../src/runs/fleet/reconcile-told.ts";
import { wakeOf } from "../contracts/queue.contract.ts";

async function openSleeping() {
  const clock = createManualClock();
  const queue = createMemoryQueue(clock);
  const fleet = createMemoryFleet({ clock, rememberedMs: 0, againMs: 0 })();
  const driven: string[] = [];
  queue.start(async ({ run }) => {
    driven.push(run);
    return limits.fleet.restMs;
  });
  await queue.add(wakeOf("sleeps"), { delayMs: limits.fleet.restMs });
  const woken = new Set<string>();
  return {
    clock,
    fleet,
    driven,
    tell: (run: string) => fleet.tell({ id: `t-${run}`, run, at: clock.now(), text: "" }),
    look: async (afterMs: number) => {
      await clock.advance(afterMs);
      await reconcileTold({ queue, clock }, fleet, woken);
      await queue.idle();
    },
  };
}

it("wakes a run that sleeps although something was said of it, once for each word", async () => {
  const { driven, tell, look } = await openSleeping();
  await tell("sleeps");
  await look(0);
  expect(driven).toEqual([]);
  for (let looks = 0; looks < 3; looks += 1) await look(limits.fleet.settleMs);
  expect(driven).toEqual(["sleeps"]);
});

it("forgets after an hour what was told of a run that the queue does not name", async () => {
  const { fleet, tell, look } = await openSleeping();
  await tell("sleeps");
  await tell("nowhere");
  await look(limits.fleet.allMs - 1);
  expect(await fleet.told()).toHaveLength(2);
  await look(1);
  expect((await fleet.told()).map(({ run }) => run)).toEqual(["sleeps"]);
});
