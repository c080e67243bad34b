import { describe, expect, it } from "vitest";

import { Ceiling } from "../../src/gate/ceiling.ts";

const many = (ceiling: Ceiling, count: number, now: number): void => {
  for (let n = 0; n < count; n += 1) ceiling.taken(ceiling.value, now);
};

describe("the ceiling of turns at once", () => {
  it("starts low, doubles as turns are taken but no faster than every ten seconds, and only while it is used", () => {
    const ceiling = new Ceiling();
    expect(ceiling.value).toBe(64);
    many(ceiling, 1000, 0);
    expect(ceiling.value).toBe(128);
    many(ceiling, 1000, 9_999);
    expect(ceiling.value).toBe(128);
    for (let n = 0; n < 1000; n += 1) ceiling.taken(3, 10_000);
    expect(ceiling.value).toBe(128);
    many(ceiling, 60, 10_000);
    expect(ceiling.value).toBe(188);
    for (let step = 2; step < 9; step += 1) many(ceiling, 1000, step * 10_000);
    expect(ceiling.value).toBe(1000);
  });

  it("comes back fast to a little below where it was refused, and grows by about four a round from there", () => {
    const ceiling = new Ceiling();
    ceiling.refused(0);
    expect(ceiling.value).toBe(44);
    many(ceiling, 17, 20_000);
    expect(ceiling.value).toBe(60);
    many(ceiling, 60, 40_000);
    expect(ceiling.value).toBe(64);
  });

  it("comes back less far when it is refused lower than the time before", () => {
    const ceiling = new Ceiling();
    ceiling.refused(0);
    many(ceiling, 10, 20_000);
    expect(ceiling.value).toBe(54);
    ceiling.refused(30_000);
    expect(ceiling.value).toBe(38);
    many(ceiling, 9, 40_000);
    // 0.85 of 54.8
    expect(ceiling.value).toBe(47);
    many(ceiling, 47, 60_000);
    expect(ceiling.value).toBe(51);
  });

  it("falls once for refusals that come together, and never below one", () => {
    const ceiling = new Ceiling();
    for (let n = 0; n < 10; n += 1) ceiling.refused(n);
    expect(ceiling.value).toBe(44);
    for (let n = 1; n < 100; n += 1) ceiling.refused(n * 5000 + 10);
    expect(ceiling.value).toBe(1);
  });
});
