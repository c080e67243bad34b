import { describe, expect, it } from "vitest";

import { Ceiling } from "../../src/gate/ceiling.ts";

describe("the ceiling of turns at once", () => {
  it("starts low, doubles with every round that succeeds, and only while it is used", () => {
    const ceiling = new Ceiling();
    expect(ceiling.value).toBe(64);
    for (let n = 0; n < 64; n += 1) ceiling.succeeded(64);
    expect(ceiling.value).toBe(128);
    for (let n = 0; n < 1000; n += 1) ceiling.succeeded(3);
    expect(ceiling.value).toBe(128);
    for (let n = 0; n < 2000; n += 1) ceiling.succeeded(2000);
    expect(ceiling.value).toBe(1000);
  });

  it("grows by about four a round once it was refused", () => {
    const ceiling = new Ceiling();
    ceiling.refused(0);
    expect(ceiling.value).toBe(44);
    for (let n = 0; n < 44; n += 1) ceiling.succeeded(44);
    expect(ceiling.value).toBe(48);
  });

  it("falls once for refusals that come together, and never below one", () => {
    const ceiling = new Ceiling();
    for (let n = 0; n < 10; n += 1) ceiling.refused(n);
    expect(ceiling.value).toBe(44);
    for (let n = 1; n < 100; n += 1) ceiling.refused(n * 5000 + 10);
    expect(ceiling.value).toBe(1);
  });
});
