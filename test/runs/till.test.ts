// However turns interleave, what is spent stays under every cap, and nobody waits for ever.

import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

import { type Account, CapReached, createTill, type Reservation } from "../../src/runs/till.ts";

const account = (name: string, capUsd: number | null): Account => ({
  name,
  renewsAt: null,
  cap: () => capUsd,
  spentUsd: 0,
  reservedUsd: 0,
});
const forever = new AbortController().signal;
const cost = (mostUsd: number, leastUsd = mostUsd) => ({ leastUsd, mostUsd });

const call = fc.record({
  mostUsd: fc.double({ min: 0.001, max: 0.5, noNaN: true }),
  leastShare: fc.double({ min: 0, max: 1, noNaN: true }),
  costShare: fc.double({ min: 0, max: 1, noNaN: true }),
  user: fc.nat(2),
});

/** Null for a call that found no room; whatever else went wrong fails the test. */
function refusal(error: unknown): null {
  if (error instanceof CapReached) return null;
  throw error;
}

describe("a till", () => {
  it("lets no interleaving of 64 calls pass a cap, and answers all of them", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(call, { minLength: 64, maxLength: 64 }),
        fc.double({ min: 0.1, max: 5, noNaN: true }),
        fc.scheduler(),
        async (calls, capUsd, scheduler) => {
          const till = createTill();
          const run = account("run", capUsd);
          const users = [0, 1, 2].map((n) => account(`user ${n}`, capUsd / 3));
          const all = [run, ...users];
          const perform = async ({
            mostUsd,
            leastShare,
            costShare,
            user,
          }: (typeof calls)[number]) => {
            await scheduler.schedule(Promise.resolve());
            const accounts = [run, users[user] ?? run];
            const asked = cost(mostUsd, mostUsd * leastShare);
            const reserved = await till.reserve(accounts, asked, forever).catch(refusal);
            if (reserved === null) return "refused";
            expect(reserved.usd).toBeGreaterThanOrEqual(asked.leastUsd);
            expect(reserved.usd).toBeLessThanOrEqual(mostUsd);
            await scheduler.schedule(Promise.resolve());
            reserved.settle(reserved.usd * costShare);
            for (const each of all)
              expect(each.spentUsd + each.reservedUsd).toBeLessThanOrEqual(
                (each.cap() ?? 0) + 1e-9,
              );
            return "performed";
          };
          const ended = Promise.all(calls.map(perform));
          await scheduler.waitFor(ended);
          expect((await ended).length).toBe(64);
          for (const { reservedUsd } of all) expect(reservedUsd).toBe(0);
        },
      ),
      { numRuns: 40 },
    );
  });

  it("makes a call wait for what others have set aside, and refuses it only when they have spent it", async () => {
    const till = createTill();
    const run = account("run", 1);
    const first = await till.reserve([run], cost(0.8), forever);
    const waits = till.reserve([run], cost(0.8), forever);
    first.settle(0.1);
    const second = await waits;
    second.settle(0.8);
    await expect(till.reserve([run], cost(0.8, 0.2), forever)).rejects.toMatchObject({
      account: run,
    });
    expect(run.spentUsd).toBeCloseTo(0.9);
  });

  it("gives the last one what is left, when that is worth a turn", async () => {
    const run = account("run", 1);
    run.spentUsd = 0.7;
    expect((await createTill().reserve([run], cost(0.8, 0.2), forever)).usd).toBeCloseTo(0.3);
  });

  it("keeps the order of asking on one account, and lets others pass", async () => {
    const till = createTill();
    const [mine, other] = [account("mine", 1), account("other", 1)];
    const first = await till.reserve([mine], cost(0.9), forever);
    const order: string[] = [];
    const note = (name: string) => (reserved: Reservation) => {
      order.push(name);
      reserved.settle(0);
    };
    const waits = [
      till.reserve([mine], cost(0.9), forever).then(note("large")),
      till.reserve([mine], cost(0.05), forever).then(note("small")),
      till.reserve([other], cost(0.9), forever).then(note("other")),
    ];
    await waits[2];
    expect(order).toEqual(["other"]);
    first.settle(0);
    await Promise.all(waits);
    expect(order).toEqual(["other", "large", "small"]);
  });

  it("lets a call that is given up go, with what it held back", async () => {
    const till = createTill();
    const run = account("run", 1);
    const first = await till.reserve([run], cost(0.9), forever);
    const stop = new AbortController();
    const large = till.reserve([run], cost(1), stop.signal);
    const small = till.reserve([run], cost(0.05), forever);
    stop.abort(new Error("given up"));
    await expect(large).rejects.toThrow("given up");
    (await small).settle(0);
    first.settle(0);
    expect(run.reservedUsd).toBe(0);
  });

  it("looks again when a cap was raised, and caps nothing without one", async () => {
    let capUsd = 0.5;
    const run = { ...account("run", null), cap: () => capUsd };
    const till = createTill();
    const first = await till.reserve([run], cost(0.4), forever);
    const waits = till.reserve([run], cost(0.4), forever);
    capUsd = 1;
    till.lookAgain();
    (await waits).settle(0.4);
    first.settle(null);
    const free = account("free", null);
    await till.reserve([free], cost(1e6), forever);
    expect(free.reservedUsd).toBe(1e6);
  });
});
