import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { nextTurnAt } from "../../src/runs/pacer.ts";

describe("the pace of pushes", () => {
  it("keeps 10 s between two and five in any minute, however they are asked for", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 30_000 }), { maxLength: 40 }), (gaps) => {
        const pushes: number[] = [];
        let now = 0;
        for (const gap of gaps) {
          now = Math.max(now + gap, nextTurnAt(pushes.slice(-5), now + gap));
          pushes.push(now);
        }
        const gapOf = (apart: number): number[] =>
          pushes.flatMap((at, index) => (index < apart ? [] : [at - (pushes[index - apart] ?? 0)]));
        expect(Math.min(10_000, ...gapOf(1))).toBe(10_000);
        expect(Math.min(60_000, ...gapOf(5))).toBe(60_000);
      }),
    );
  });

  it("lets the first push go at once", () => {
    expect(nextTurnAt([], 5)).toBe(5);
  });
});
