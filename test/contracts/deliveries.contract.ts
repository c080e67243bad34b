// What every log of deliveries promises.

import { afterEach, beforeEach, describe, expect, it } from "vitest";

import type { Attempt, Deliveries } from "../../src/world/deliveries.ts";

export interface OpenedDeliveries {
  deliveries: Deliveries;
  /** Whether the bot answers from now on. */
  answer(isHeard: boolean): void;
  /** A person comments, and the delivery is over. */
  comment(): Promise<void>;
  /** Resolves when no delivery is on its way. */
  settled(): Promise<void>;
  close(): Promise<void>;
}

export function deliveriesContract(name: string, open: () => Promise<OpenedDeliveries>): void {
  describe(`deliveries: ${name}`, () => {
    let opened: OpenedDeliveries;
    beforeEach(async () => {
      opened = await open();
    });
    afterEach(() => opened.close());

    const comments = async (): Promise<Attempt[]> => {
      const found: Attempt[] = [];
      for await (const attempt of opened.deliveries.attempts()) {
        if (attempt.event === "issue_comment") found.push(attempt);
      }
      return found;
    };

    it("lists attempts, the newest first, with what became of them", async () => {
      await opened.comment();
      opened.answer(false);
      await opened.comment();
      const [second, first, ...others] = await comments();
      expect(others).toEqual([]);
      expect(first).toMatchObject({ action: "created", isDelivered: true });
      expect(second).toMatchObject({ action: "created", isDelivered: false });
      expect(second?.id).toBeGreaterThan(first?.id ?? 0);
      expect(second?.guid).not.toBe(first?.guid);
      expect(Math.abs((second?.at ?? 0) - Date.now())).toBeLessThan(3_600_000);
    });

    it("delivers again on demand, as another attempt of the same delivery", async () => {
      opened.answer(false);
      await opened.comment();
      opened.answer(true);
      const [failed] = await comments();
      if (failed === undefined) throw new Error("The failed attempt is not listed.");
      await opened.deliveries.redeliver(failed);
      await opened.settled();
      const [again, earlier] = await comments();
      expect(earlier).toEqual(failed);
      expect(again).toMatchObject({ guid: failed.guid, isDelivered: true });
    });
  });
}
