import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { createMemoryBoard } from "../../src/outside/memory/board.ts";
import { createManualClock } from "../../src/outside/memory/clock.ts";
import { openStarts } from "../../src/quota/starts.ts";
import { nextTurnAt, openSharedPacer } from "../../src/runs/pacer.ts";

describe("the pace of pushes", () => {
  it("keeps 10 s between two and five in any minute, however they are asked for", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 30_000 }), { maxLength: 40 }), (gaps) => {
        const pushes: number[] = [];
        let now = 0;
        for (const gap of gaps) {
          now = Math.max(now + gap, nextTurnAt(pushes.slice(-5), now + gap));
          pushes.push(now);
        }
        const gapOf = (apart: number): number[] =>
          pushes.flatMap((at, index) => (index < apart ? [] : [at - (pushes[index - apart] ?? 0)]));
        expect(Math.min(10_000, ...gapOf(1))).toBe(10_000);
        expect(Math.min(60_000, ...gapOf(5))).toBe(60_000);
      }),
    );
  });

  it("lets the first push go at once", () => {
    expect(nextTurnAt([], 5)).toBe(5);
  });
});

describe("the pace of pushes of several processes", () => {
  const open = () => {
    const clock = createManualClock();
    const board = createMemoryBoard(clock);
    const process = () =>
      openSharedPacer(clock, { starts: openStarts({ board, clock }), repositoryId: 7 });
    return { clock, processes: [process(), process(), process()] };
  };

  it("is one pace: 10 s apart, five in a minute, each process in its turn", async () => {
    const { clock, processes } = open();
    const begun = clock.now();
    const pushes: [process: number, at: number][] = [];
    for (const [index, pacer] of [...processes, ...processes].entries()) {
      void pacer
        .turn(new AbortController().signal)
        .then(() => pushes.push([index % 3, clock.now() - begun]));
    }
    await clock.advance(0);
    await clock.advance(120_000);
    expect(pushes).toEqual([
      [0, 0],
      [1, 10_000],
      [2, 20_000],
      [0, 30_000],
      [1, 40_000],
      [2, 60_000],
    ]);
  });

  it("counts a push that could not wait, and gives a turn back that is not wanted any more", async () => {
    const { clock, processes } = open();
    const [one, other] = processes;
    one?.jump();
    const stop = new AbortController();
    const given = one?.turn(stop.signal);
    await clock.advance(0);
    stop.abort(new Error("The run is over."));
    await expect(given).rejects.toThrow("The run is over.");
    let at = 0;
    const begun = clock.now();
    void other?.turn(new AbortController().signal).then(() => (at = clock.now() - begun));
    await clock.advance(0);
    await clock.advance(30_000);
    expect(at).toBe(10_000);
  });
});
