// What every clock promises.

import { describe, expect, it, vi } from "vitest";

import type { Clock } from "../../src/world/clock.ts";

/** `pass` lets the given time go by while the promise is pending. */
export function clockContract(
  name: string,
  open: () => { clock: Clock; pass: (ms: number) => Promise<void> },
): void {
  describe(`clock: ${name}`, () => {
    it("wakes sleepers in the order of their times, not of their asking", async () => {
      const { clock, pass } = open();
      const woken: string[] = [];
      const late = clock.sleep(40).then(() => woken.push("late"));
      const early = clock.sleep(5).then(() => woken.push("early"));
      await pass(60);
      await Promise.all([late, early]);
      expect(woken).toEqual(["early", "late"]);
    });

    it("never wakes before the time is up", async () => {
      const { clock, pass } = open();
      const start = clock.now();
      const woke = clock.sleep(20).then(() => clock.now());
      await pass(30);
      expect((await woke) - start).toBeGreaterThanOrEqual(19);
    });

    it("sleeps for longer than a timer of Node holds", async () => {
      const { clock, pass } = open();
      const abort = new AbortController();
      const woken = vi.fn<() => void>();
      clock.sleep(2 ** 31 + 1_000, abort.signal).then(woken, () => undefined);
      await pass(20);
      expect(woken).not.toHaveBeenCalled();
      abort.abort();
    });

    it("rejects with the signal's own reason, before and during the sleep", async () => {
      const { clock } = open();
      const reason = new Error("the run was cancelled");
      await expect(clock.sleep(60_000, AbortSignal.abort(reason))).rejects.toBe(reason);
      const abort = new AbortController();
      const sleeping = clock.sleep(60_000, abort.signal);
      abort.abort(reason);
      await expect(sleeping).rejects.toBe(reason);
    });
  });
}
