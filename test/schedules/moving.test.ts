// Which repositories the heartbeat asks for their runs, where each costs a request.

import { describe, expect, it } from "vitest";

import { limits } from "../../src/config/limits.ts";
import { createMemoryLog } from "../../src/outside/memory/log.ts";
import { mayHaveMoved, movingNow } from "../../src/schedules/moving.ts";
import { nothingSeen } from "../../src/schedules/seen.ts";
import { type Current, freshState } from "../../src/schedules/state.ts";
import { wakeOf } from "../contracts/queue.contract.ts";

const board = { ...nothingSeen, hasBoard: true };
const asked = { repositoryId: 7, seen: board, askedAt: 1_000, wasMoving: false };
const none = new Set<number>();

describe("a repository's runs are asked for", () => {
  it("never where nothing tells of them, also where the queue cannot be asked", () => {
    const plain = { ...asked, seen: nothingSeen, wasMoving: true };
    expect(mayHaveMoved(plain, new Set([7]), 1e12)).toBe(false);
    expect(mayHaveMoved(plain, null, 1e12)).toBe(false);
  });

  it("while one is in the queue, once after that, and now and then", () => {
    expect(mayHaveMoved(asked, none, 2_000)).toBe(false);
    expect(mayHaveMoved(asked, new Set([8]), 2_000)).toBe(false);
    expect(mayHaveMoved(asked, new Set([7]), 2_000)).toBe(true);
    expect(mayHaveMoved({ ...asked, wasMoving: true }, none, 2_000)).toBe(true);
    expect(mayHaveMoved(asked, none, 1_000 + limits.schedule.askMs)).toBe(true);
  });

  it("while a schedule's run is expected, and where the queue does not say what moves", () => {
    const times = { cron: "0 3 * * 1", shiftMs: 0, windowMs: 0 };
    const table = { ...times, timezone: "UTC", offsetMs: 0 };
    const schedule = { ...freshState(0), name: "weekly", table };
    const expecting = (current: Current | null, hasNews = false) => ({
      ...asked,
      seen: { ...nothingSeen, schedules: [{ ...schedule, current, hasNews }] },
    });
    const claim = { script: "", scope: "", tick: 0, claimedAt: 0 };
    const current = { ...claim, run: "run-a", requester: { id: 1, login: "ada" } };
    expect(mayHaveMoved(expecting(current), none, 2_000)).toBe(true);
    expect(mayHaveMoved(expecting(null), none, 2_000)).toBe(false);
    expect(mayHaveMoved(expecting(null, true), none, 2_000)).toBe(true);
    expect(mayHaveMoved(expecting(null), null, 2_000)).toBe(true);
  });

  it("in all repositories where the queue is away, which is said", async () => {
    const log = createMemoryLog();
    const entries = async () => [{ ...wakeOf("run-a", 7), state: "sleeping" as const }];
    expect(await movingNow({ queue: { entries }, log })).toEqual(new Set([7]));
    const away = () => Promise.reject(new Error("redis is away"));
    expect(await movingNow({ queue: { entries: away }, log })).toBe(null);
    expect(log.lines).toMatchObject([{ level: "warn" }]);
  });
});
