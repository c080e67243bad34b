import { describe, expect, it } from "vitest";

import { Bucket } from "../../src/gate/bucket.ts";

const MINUTE_MS = 60_000;

describe("a budget a minute", () => {
  it("is without limit until the provider states one", () => {
    const bucket = new Bucket();
    bucket.take(1_000_000, 0);
    expect(bucket.waitMs(1_000_000, 0)).toBe(0);
  });

  it("is used to 95 % and refills all the time", () => {
    const bucket = new Bucket();
    bucket.sync({ limit: 1000, remaining: 1000 }, 0);
    bucket.take(950, 0);
    expect(bucket.waitMs(95, 0)).toBe(MINUTE_MS / 10);
    expect(bucket.waitMs(95, MINUTE_MS / 10)).toBe(0);
  });

  it("counts what is under way beside what the provider knows of", () => {
    const bucket = new Bucket();
    bucket.take(300, 0);
    bucket.take(300, 0);
    bucket.seen(300);
    bucket.sync({ limit: 1000, remaining: 700 }, 0);
    // 700 are left of 1000, 50 are never used, 300 are under way and unknown to the provider.
    expect(bucket.waitMs(350, 0)).toBe(0);
    expect(bucket.waitMs(351, 0)).toBeGreaterThan(0);
  });

  it("believes the provider when others use the same key, and itself when the provider lags", () => {
    const bucket = new Bucket();
    bucket.sync({ limit: 1000, remaining: 1000 }, 0);
    bucket.sync({ limit: 1000, remaining: 100 }, 0);
    expect(bucket.waitMs(51, 0)).toBeGreaterThan(0);
    bucket.sync({ limit: 1000, remaining: 900 }, 0);
    expect(bucket.waitMs(51, 0)).toBeGreaterThan(0);
  });

  it("is put right when a guess was wrong", () => {
    const bucket = new Bucket();
    bucket.sync({ limit: 1000, remaining: 1000 }, 0);
    bucket.take(950, 0);
    bucket.correct(-500);
    expect(bucket.waitMs(500, 0)).toBe(0);
    bucket.correct(1000);
    expect(bucket.waitMs(1, 0)).toBeGreaterThan(30_000);
  });

  it("lets a request that is larger than all of it go when it is full", () => {
    const bucket = new Bucket();
    bucket.sync({ limit: 1000, remaining: 1000 }, 0);
    expect(bucket.waitMs(5000, 0)).toBe(0);
  });
});
