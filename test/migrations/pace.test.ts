import { describe, expect, it } from "vitest";

import { isWithin, roomFor } from "../../src/migrations/pace.ts";
import { DAYS } from "../../src/settings/pull-request-rows.ts";

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
    const around = [at(4), at(12), at(22), at(28.9), at(29)];
    expect(around.map((now) => isWithin(night, now))).toEqual([false, false, true, true, false]);
    const wholeDay = { ...night, from: "00:00", to: "00:00" };
    expect([at(-0.1), at(0), at(23.99), at(24)].map((now) => isWithin(wholeDay, now))).toEqual([
      false,
      true,
      true,
      false,
    ]);
  });

  it("keeps the hours on the clock when summer time begins and ends", () => {
    const berlin = { days: [...DAYS], from: "09:00", to: "17:00", timezone: "Europe/Berlin" };
    const at8 = [Date.UTC(2026, 2, 28, 7, 59), Date.UTC(2026, 2, 29, 6, 59)];
    const at9 = [Date.UTC(2026, 2, 28, 8), Date.UTC(2026, 2, 29, 7), Date.UTC(2026, 9, 25, 8)];
    expect(at8.map((now) => isWithin(berlin, now))).toEqual([false, false]);
    expect(at9.map((now) => isWithin(berlin, now))).toEqual([true, true, true]);
  });
});
