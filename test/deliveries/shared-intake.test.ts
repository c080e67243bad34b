// Where several processes are: what their database does not keep in time is refused, so that GitHub is asked for it again.

import { expect, it } from "vitest";

import { limits } from "../../src/config/limits.ts";
import { createSharedIntake } from "../../src/deliveries/shared-intake.ts";
import { createManualClock } from "../../src/outside/memory/clock.ts";
import { letter } from "../contracts/inbox.contract.ts";

const { event } = letter(7);
const SAID = "QUEUE_URL does not answer";

it("refuses what is not kept within half of what GitHub waits", async () => {
  const clock = createManualClock();
  const intake = createSharedIntake({ keep: () => new Promise(() => {}) }, clock);
  const taken = Promise.allSettled([intake.take(event)]);
  await clock.advance(5_000);
  expect(await taken).toMatchObject([{ reason: { message: expect.stringContaining(SAID) } }]);
});

it("has no more of them wait for the database than it takes in at once, and goes on when it is back", async () => {
  const clock = createManualClock();
  const back = Promise.withResolvers<void>();
  let asked = 0;
  const keep = (): Promise<void> => {
    asked += 1;
    return back.promise;
  };
  const intake = createSharedIntake({ keep }, clock);
  const late = Array.from({ length: limits.web.deliveriesAtOnce }, () => intake.take(event));
  const all = Promise.allSettled(late);
  await clock.advance(5_000);
  expect((await all).every(({ status }) => status === "rejected")).toBe(true);
  await expect(intake.take(event)).rejects.toThrow(SAID);
  expect(asked).toBe(limits.web.deliveriesAtOnce);
  back.resolve();
  await new Promise((resolve) => setImmediate(resolve));
  await intake.take(event);
  expect(asked).toBe(limits.web.deliveriesAtOnce + 1);
});

it("hands on that the database refused", async () => {
  const keep = () => Promise.reject(new Error("full"));
  const intake = createSharedIntake({ keep }, createManualClock());
  await expect(intake.take(event)).rejects.toThrow("full");
});
