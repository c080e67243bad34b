import { describe, expect, it } from "vitest";

import { isWithin, roomFor } from "../../src/migrations/pace.ts";

const HOUR_MS = 60 * 60_000;
const MONDAY = Date.UTC(2026, 0, 5);
const pace = { hourlyLimit: 4, concurrentLimit: 6, window: null };
const at = (hours: number): number => MONDAY + hours * HOUR_MS;

describe("room for pull requests", () => {
  it.each([
    ["what was opened more than an hour ago does not count", { at: [at(8), at(8)], open: 0 }, 4],
    ["what was opened within the hour does", { at: [at(8), at(9.5), at(9.9)], open: 0 }, 2],
    ["what is open counts as well", { at: [], open: 5 }, 1],
    ["no more than the hour allows", { at: [at(9.1), at(9.2), at(9.3), at(9.4)], open: 0 }, 0],
    ["nor than may be open", { at: [], open: 9 }, 0],
  ])("%s", (_, opened, count) => {
    expect(roomFor(pace, opened, at(10)).count).toBe(count);
  });

  it("is none outside of the window, and the reason names it", () => {
    const window = { days: ["mon" as const], from: "09:00", to: "17:00", timezone: "UTC" };
    const opened = { at: [], open: 0 };
    expect(roomFor({ ...pace, window }, opened, at(8))).toMatchObject({
      count: 0,
      why: expect.stringContaining("mon 09:00–17:00 UTC"),
    });
    expect(roomFor({ ...pace, window }, opened, at(10)).count).toBe(4);
    expect(roomFor({ ...pace, window }, opened, at(34)).count).toBe(0);
  });

  it("knows the hours of a place, and windows over midnight", () => {
    const berlin = {
      days: ["mon" as const],
      from: "09:00",
      to: "17:00",
      timezone: "Europe/Berlin",
    };
    expect([at(7.9), at(8)].map((now) => isWithin(berlin, now))).toEqual([false, true]);
    const night = { ...berlin, from: "22:00", to: "05:00", timezone: "UTC" };
    expect([at(4), at(12), at(23)].map((now) => isWithin(night, now))).toEqual([true, false, true]);
  });
});
