// Who drives a run: counted by one's own clock, taken one after the other, and lost by whoever keeps the bot from living.

import { describe, expect, it } from "vitest";

import { limits } from "../../src/config/limits.ts";
import {
  type Holder,
  isPoisonous,
  type Lease,
  nextLease,
  openWatch,
} from "../../src/runs/lease.ts";

const MINUTE_MS = 60_000;
const holderOf = (name: string, guard: Holder["guard"] = "time"): Holder => ({
  owner: `folder ${name}`,
  process: name,
  ttlMs: MINUTE_MS,
  guard,
});
const other = { owner: "other", isExclusive: false };
const held = nextLease(null, holderOf("a"));

function watchAt() {
  const time = { ms: 0 };
  return { time, watch: openWatch({ monotonic: () => time.ms }) };
}

describe("a run that somebody else drives", () => {
  it("is free only when its checkpoint did not move for the lease's time by one's own clock", () => {
    const { time, watch } = watchAt();
    const look = (commit: string): number => watch.waitMs("run", { commit, lease: held }, other);
    expect(look("one")).toBe(MINUTE_MS);
    time.ms += MINUTE_MS - 1;
    expect(look("one")).toBe(1);
    // Its driver lives: the time begins anew.
    expect(look("two")).toBe(MINUTE_MS);
    time.ms += MINUTE_MS;
    expect(look("two")).toBe(0);
  });

  it.each([
    ["nobody has driven it since there are leases", null, "other"],
    ["its driver let go of it", { ...held, isReleased: true }, "other"],
    ["it was driven from the same data folder", held, held.owner],
  ])("is free at once when %s", (_, lease, owner) => {
    const { watch } = watchAt();
    const taker = { owner, isExclusive: false };
    expect(watch.waitMs("run", { commit: "one", lease }, taker)).toBe(0);
  });

  it("is free at once for whom the queue handed it to, if its driver acts by the queue's lock alone", () => {
    const { watch } = watchAt();
    const wait = (lease: Lease, isExclusive: boolean): number =>
      watch.waitMs("run", { commit: "one", lease }, { owner: "other", isExclusive });
    const queued = nextLease(null, holderOf("a", "queue"));
    expect([wait(queued, true), wait(queued, false), wait(held, true)]).toEqual([
      0,
      MINUTE_MS,
      MINUTE_MS,
    ]);
  });
});

describe("drivers of a run", () => {
  it("have rising epochs, whoever they are", () => {
    const second = nextLease(held, holderOf("a"));
    expect([held.epoch, second.epoch, nextLease(second, holderOf("b")).epoch]).toEqual([1, 2, 3]);
  });

  const after = (first: Lease, processes: readonly string[]): Lease =>
    processes.reduce((lease, process) => nextLease(lease, holderOf(process)), first);
  const many = Array.from({ length: limits.run.barrenDrivers }, (_, number) => `p${number}`);

  it("that die one after the other without getting anywhere are too many at some time", () => {
    expect(isPoisonous(after(held, many.slice(1)))).toBe(false);
    expect(isPoisonous(after(held, many))).toBe(true);
  });

  it("are not too many when one got further, let go of it, or tried again after trouble", () => {
    const almost = after(held, many.slice(1));
    expect(isPoisonous(nextLease({ ...almost, barren: 0 }, holderOf("z")))).toBe(false);
    expect(isPoisonous(nextLease({ ...almost, isReleased: true }, holderOf("z")))).toBe(false);
    expect(isPoisonous(nextLease(almost, holderOf(almost.process)))).toBe(false);
  });
});
