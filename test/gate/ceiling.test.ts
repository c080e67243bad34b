import { describe, expect, it } from "vitest";

import { Ceiling } from "../../src/gate/ceiling.ts";

describe("the ceiling of turns at once", () => {
  it("starts low, grows by about four for each ceiling's worth of successes, and only while it is used", () => {
    const ceiling = new Ceiling();
    expect(ceiling.value).toBe(32);
    for (let n = 0; n < 32; n += 1) ceiling.succeeded(32);
    expect(ceiling.value).toBe(35);
    for (let n = 0; n < 1000; n += 1) ceiling.succeeded(3);
    expect(ceiling.value).toBe(35);
  });

  it("falls once for refusals that come together, and never below one", () => {
    const ceiling = new Ceiling();
    for (let n = 0; n < 10; n += 1) ceiling.refused(n);
    expect(ceiling.value).toBe(22);
    for (let n = 1; n < 100; n += 1) ceiling.refused(n * 5000 + 10);
    expect(ceiling.value).toBe(1);
  });
});
