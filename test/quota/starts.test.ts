import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { createMemoryBoard } from "../../src/outside/memory/board.ts";
import { createManualClock } from "../../src/outside/memory/clock.ts";
import { alonePace, type Pace } from "../../src/quota/pace.ts";
import { openStarts } from "../../src/quota/starts.ts";
import { type Entry, nothing, take } from "../../src/quota/starts-entry.ts";
import { type Board, BoardAway } from "../../src/world/board.ts";

const pace: Pace = { gapMs: 100, windows: [{ count: 5, perMs: 10_000 }] };
const wish = { pace, mostMs: 60_000 };

const fleet = (board?: Board) => {
  const clock = createManualClock();
  const shared = board ?? createMemoryBoard(clock);
  return { clock, process: () => openStarts({ board: shared, clock }) };
};

describe("starts under one pace", () => {
  it("keeps gap and windows, whoever books how many together", () => {
    const asks = fc.array(fc.tuple(fc.nat({ max: 3_000 }), fc.integer({ min: 1, max: 4 })));
    fc.assert(
      fc.property(asks, (each) => {
        let entry: Entry = nothing;
        let now = 0;
        const all: number[] = [];
        for (const [pause, count] of each) {
          now += pause;
          const taken = take(entry, { pace, mostMs: Infinity, count, now });
          entry = taken.entry ?? entry;
          all.push(...taken.starts);
          expect(Math.min(...taken.starts)).toBeGreaterThanOrEqual(now);
        }
        const apart = (places: number) => all.slice(places).map((at, i) => at - (all[i] ?? 0));
        expect(apart(1).filter((ms) => ms < 100)).toEqual([]);
        expect(apart(5).filter((ms) => ms < 10_000)).toEqual([]);
      }),
    );
  });

  it("counts what all processes start as one, in the order in which they asked", async () => {
    const { process } = fleet();
    const [one, other] = [process(), process()];
    const waits: number[] = [];
    for (let turn = 0; turn < 6; turn += 1) {
      waits.push((await (turn % 2 === 0 ? one : other).book("site", wish)).waitMs);
    }
    expect(waits).toEqual([0, 100, 200, 300, 400, 10_000]);
    expect((await one.book("elsewhere", wish)).waitMs).toBe(0);
  });

  it("books nothing that is too far away, and takes back what will not be made", async () => {
    const { process } = fleet();
    const [one, other] = [process(), process()];
    for (let turn = 0; turn < 4; turn += 1) await one.book("site", wish);
    const last = await one.book("site", wish);
    const far = await other.book("site", { pace, mostMs: 1_000 });
    expect(far).toMatchObject({ isBooked: false, waitMs: 10_000 });
    last.giveBack();
    await Promise.resolve();
    expect(await other.book("site", { pace, mostMs: 1_000 })).toMatchObject({ isBooked: true });
  });

  it("asks once for several starts while it is busy, and lets what it did not use go by", async () => {
    const clock = createManualClock();
    const board = createMemoryBoard(clock);
    let asked = 0;
    const counted: Board = {
      change: async (...change) => {
        asked += 1;
        return await board.change(...change);
      },
    };
    const busy = openStarts({ board: counted, clock });
    const together = { ...wish, together: 3 };
    const waits: number[] = [];
    for (let turn = 0; turn < 4; turn += 1) waits.push((await busy.book("site", together)).waitMs);
    expect({ asked, waits }).toEqual({ asked: 2, waits: [0, 100, 200, 300] });
    await busy.book("site", together);
    expect(asked).toBe(3);
    await clock.advance(20_000);
    expect((await busy.book("site", together)).waitMs).toBe(0);
  });

  it("tells every process of a pause that one was told to make", async () => {
    const { clock, process } = fleet();
    const [one, other] = [process(), process()];
    one.hold("site", 30_000);
    await Promise.resolve();
    expect(await other.book("site", wish)).toMatchObject({ waitMs: 30_000, heldMs: 30_000 });
    expect(await other.heldMs("site")).toBe(30_000);
    await clock.advance(30_000);
    expect(await other.heldMs("site")).toBe(0);
  });

  it("keeps to a fourth of it while the board is away", async () => {
    const away: Board = { change: () => Promise.reject(new BoardAway("It is gone.")) };
    const starts = fleet(away).process();
    const waits: number[] = [];
    for (let turn = 0; turn < 3; turn += 1) waits.push((await starts.book("site", wish)).waitMs);
    expect(waits).toEqual([0, 10_000, 20_000]);
    expect(alonePace({ gapMs: 1, windows: [{ count: 2, perMs: 10 }] }).windows).toEqual([
      { count: 1, perMs: 20 },
    ]);
  });
});
