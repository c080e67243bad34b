import fc from "fast-check";
import { describe, expect, it } from "vitest";

import {
  byTurn,
  roundsAfter,
  roundsOf,
  type Rounds,
  type Served,
  type Turn,
  turnFor,
} from "../../src/outside/queue/turn.ts";
import { roomBeside } from "../../src/world/room.ts";
import { wakeOf } from "../contracts/queue.contract.ts";

/** Adds runs of installations one after the other, and says their order. */
function order(installations: readonly number[]): number[] {
  const queued: Turn[] = [];
  for (const [index, installation] of installations.entries()) {
    const wake = wakeOf(`run-${index}`, 1, installation);
    queued.push({ wake, turn: turnFor(wake, "asked", { queued, rounds: {} }), isDriven: false });
  }
  return queued
    .toSorted((one, other) => one.turn - other.turn)
    .map(({ wake }) => wake.repository.installationId);
}

const beside = (...queued: readonly Turn[]): Served => ({ queued, rounds: {} });

/**
 * One place, and a run more of the named installation each time that one was handed out; the first ones wait from the start.
 * Gives the runs in the order in which they were handed out, each as its installation and its number.
 */
function serveAll(first: readonly number[], arrivals: readonly number[]): string[] {
  let rounds: Rounds = {};
  let queued: Turn[] = [];
  const counts = new Map<number, number>();
  const add = (installation: number): void => {
    const count = (counts.get(installation) ?? 0) + 1;
    counts.set(installation, count);
    const wake = wakeOf(`${installation}-${count}`, installation);
    rounds = roundsOf(rounds, queued);
    queued.push({ wake, turn: turnFor(wake, "asked", { queued, rounds }), isDriven: false });
  };
  for (const installation of first) add(installation);
  const served: string[] = [];
  for (let at = 0; queued.length > 0; at += 1) {
    const [next] = byTurn(queued);
    if (next === undefined) break;
    rounds = roundsAfter(rounds, next);
    served.push(next.wake.run);
    queued = queued.map((one) => (one === next ? { ...one, isDriven: true } : one));
    const comes = arrivals[at];
    if (comes !== undefined) add(comes);
    queued = queued.filter(({ isDriven }) => !isDriven);
  }
  return served;
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
    expect(turnFor(next, "asked", beside(waiting, served(600_039)))).toBe(600_039);
    expect(turnFor(next, "asked", beside(waiting, served(600_041)))).toBe(600_041);
  });

  it("does not starve the second run of one while two others come in turns", () => {
    const arrivals = Array.from({ length: 60 }, (_, at) => 2 + (at % 2));
    const served = serveAll([1, 1, 1], arrivals);
    expect(served.indexOf("1-2")).toBeLessThan(5);
    expect(served.indexOf("1-3")).toBeLessThan(8);
  });

  it("hands each run out after so many rounds as its installation has before it, whoever comes meanwhile", () => {
    const installations = fc.integer({ min: 1, max: 5 });
    const property = (first: readonly number[], arrivals: readonly number[]): void => {
      const served = serveAll(first, arrivals);
      expect(served).toHaveLength(first.length + arrivals.length);
      const own = new Map<number, number>();
      for (const installation of first) {
        const count = (own.get(installation) ?? 0) + 1;
        own.set(installation, count);
        // Five have a run in each round, and in the one that was under way.
        expect(served.indexOf(`${installation}-${count}`)).toBeLessThan(5 * (count + 1));
      }
    };
    fc.assert(
      fc.property(
        fc.array(installations, { minLength: 1, maxLength: 12 }),
        fc.array(installations, { maxLength: 200 }),
        property,
      ),
    );
  });

  it("begins its rounds anew where nothing is queued, so that they do not rise for ever", () => {
    const one: Turn = { wake: wakeOf("a", 1), turn: 600_900, isDriven: true };
    const rounds = roundsAfter({}, one);
    expect(roundsAfter(rounds, { ...one, turn: 600_800 })).toBe(rounds);
    expect(roundsOf(rounds, [one])).toBe(rounds);
    expect(turnFor(wakeOf("b", 2), "asked", { queued: [one], rounds })).toBe(600_900);
    expect(turnFor(wakeOf("b", 1), "asked", { queued: [], rounds })).toBe(600_901);
    expect(roundsOf(rounds, [{ ...one, turn: 1 }])).toEqual({});
  });

  it("puts words before runs, and runs before schedules, whoever has how many", () => {
    const busy = [{ wake: wakeOf("a", 1, 1), turn: 599_999, isDriven: false }];
    const word = turnFor(wakeOf("w", 1, 1), "word", beside(...busy));
    const asked = turnFor(wakeOf("x", 1, 1), "asked", beside());
    const scheduled = turnFor(wakeOf("y", 1, 1), "scheduled", beside());
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
