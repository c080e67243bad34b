// A job's lock, proven for each thing that leaves; what goes on behind the work's back is told that it is over.

import { expect, it } from "vitest";

import { createManualClock } from "../../src/outside/memory/clock.ts";
import { holdLock } from "../../src/outside/queue/lock.ts";
import { acting, apart, permitNow } from "../../src/world/permit.ts";

const times = { lockMs: 8_000, renewMs: 2_000, lookMs: 2_000 };

function held(isOurs: () => boolean) {
  const clock = createManualClock();
  const asked = { times: 0 };
  const job = {
    id: "letter",
    extendLock: async () => {
      asked.times += 1;
      return isOurs() ? 1 : 0;
    },
  };
  return { clock, asked, lock: holdLock({ job, token: "mine", clock, times }) };
}

it("is not asked for again and again by what outlives the work, whoever has it now", async () => {
  for (const isOursStill of [true, false]) {
    let isOurs = true;
    const { clock, asked, lock } = held(() => isOurs);
    await lock.prove();
    lock[Symbol.dispose]();
    isOurs = isOursStill;
    await clock.advance(10 * times.lockMs);
    const before = asked.times;
    await expect(lock.prove()).rejects.toMatchObject({
      name: "LockLost",
      message: "The lock of letter is gone. The work that it was for is over.",
    });
    expect(asked.times).toBe(before);
  }
});

it("is lost for whoever waits for its renewal", async () => {
  const { clock, lock } = held(() => false);
  await expect(lock.prove()).rejects.toMatchObject({ name: "LockLost" });
  expect(lock.signal.aborted).toBe(true);
  lock[Symbol.dispose]();
  await clock.advance(times.renewMs);
});

it("is of no concern to what goes on by itself", async () => {
  const permit = async (): Promise<void> => {};
  const [below, beside] = await acting(permit, async () => {
    await Promise.resolve();
    const later = apart(async () => {
      await Promise.resolve();
      return permitNow();
    });
    return [permitNow(), await later];
  });
  expect(below).toBe(permit);
  expect(beside).toBeNull();
});
