import { describe, expect, it } from "vitest";

import { type Turn, turnFor } from "../../src/outside/queue/turn.ts";
import { roomBeside } from "../../src/world/room.ts";
import { wakeOf } from "../contracts/queue.contract.ts";

/** Adds runs of installations one after the other, and says their order. */
function order(installations: readonly number[]): number[] {
  const queued: Turn[] = [];
  for (const [index, installation] of installations.entries()) {
    const wake = wakeOf(`run-${index}`, 1, installation);
    queued.push({ wake, turn: turnFor(wake, "asked", queued), isDriven: false });
  }
  return queued
    .toSorted((one, other) => one.turn - other.turn)
    .map(({ wake }) => wake.repository.installationId);
}

describe("whose turn it is", () => {
  it("takes one of each installation before the second of any", () => {
    expect(order([1, 1, 1, 2, 2, 3])).toEqual([1, 2, 3, 1, 2, 1]);
  });

  it("lets ten with one run each go before forty-nine of an installation's fifty", () => {
    const one = order([...Array(50).fill(1), 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
    expect(one.indexOf(11)).toBeLessThan(11);
  });

  it("does not starve the last of many when others keep coming one by one", () => {
    const waiting = { wake: wakeOf("many", 1, 1), turn: 600_040, isDriven: false };
    const served = (turn: number): Turn => ({ wake: wakeOf("served", 2, 2), turn, isDriven: true });
    // Level with what is being served, so that it moves on with it and passes nobody who waits for long.
    const next = wakeOf("next", 3, 3);
    expect(turnFor(next, "asked", [waiting, served(600_039)])).toBe(600_039);
    expect(turnFor(next, "asked", [waiting, served(600_041)])).toBe(600_041);
  });

  it("puts words before runs, and runs before schedules, whoever has how many", () => {
    const busy = [{ wake: wakeOf("a", 1, 1), turn: 599_999, isDriven: false }];
    const word = turnFor(wakeOf("w", 1, 1), "word", busy);
    const asked = turnFor(wakeOf("x", 1, 1), "asked", []);
    const scheduled = turnFor(wakeOf("y", 1, 1), "scheduled", []);
    expect(word).toBeLessThan(asked);
    expect(asked).toBeLessThan(scheduled);
    // BullMQ refuses larger ones.
    expect(scheduled + 600_000).toBeLessThan(2_097_151);
  });

  it("counts places of a repository and of its installation", () => {
    const limits = { atOnce: 10, guests: 0, perRepository: 1, perInstallation: 2 };
    const driven = [wakeOf("a", 1, 9), wakeOf("b", 2, 9)];
    expect(roomBeside(driven.slice(0, 1), limits)(wakeOf("c", 1, 9))).toBe(false);
    expect(roomBeside(driven.slice(0, 1), limits)(wakeOf("c", 3, 9))).toBe(true);
    expect(roomBeside(driven, limits)(wakeOf("c", 3, 9))).toBe(false);
    expect(roomBeside(driven, limits)(wakeOf("c", 3, 8))).toBe(true);
  });
});
