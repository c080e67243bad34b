import { describe, expect, it } from "vitest";

import { RetryBudget } from "../../src/gate/retries.ts";

const taken = (budget: RetryBudget, asked: number, now: number): number =>
  Array.from({ length: asked }, () => budget.take(now)).filter(Boolean).length;

describe("the budget of retries", () => {
  it("lets a few go on a quiet line, and gives them back within a minute", () => {
    const budget = new RetryBudget();
    expect(taken(budget, 20, 0)).toBe(10);
    expect(taken(budget, 20, 30_000)).toBe(5);
    expect(taken(budget, 20, 90_000)).toBe(10);
    expect(taken(budget, 20, 3_600_000)).toBe(10);
  });

  it("grows by a tenth of what succeeds, up to what one moment can need", () => {
    const budget = new RetryBudget();
    for (let n = 0; n < 100; n += 1) budget.succeeded();
    expect(taken(budget, 100, 0)).toBe(20);
    for (let n = 0; n < 10_000; n += 1) budget.succeeded();
    expect(taken(budget, 100, 1)).toBe(50);
  });
});
