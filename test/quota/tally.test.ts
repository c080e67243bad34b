// What may happen only so often in an hour, counted by one process and by several.

import { expect, it } from "vitest";

import { createSharedTally, createTally } from "../../src/quota/tally.ts";
import { createMemoryBoard } from "../../src/outside/memory/board.ts";
import { createManualClock } from "../../src/outside/memory/clock.ts";
import { type Board, BoardAway } from "../../src/world/board.ts";

const HOUR_MS = 60 * 60_000;

/** No two are the same. */
let asked = 0;

async function admitted(tallies: readonly ReturnType<typeof createTally>[], key: string) {
  let count = 0;
  for (let turn = 0; turn < 40; turn++) {
    const tally = tallies[turn % tallies.length];
    if ((await tally?.admits(key, `${asked++}`)) === true) count += 1;
  }
  return count;
}

it("several processes admit together what one may, an hour later again, and each key for itself", async () => {
  const clock = createManualClock();
  const limit = { perHour: 10, now: () => clock.now() };
  const board = createMemoryBoard(clock);
  const open = () => createSharedTally(board, "starts", limit);
  const three = [open(), open(), open()];
  expect(await admitted(three, "6/9")).toBe(10);
  expect(await admitted(three, "6/8")).toBe(10);
  // A process that was started anew remembers what the others admitted.
  expect(await admitted([open()], "6/9")).toBe(0);
  await clock.advance(HOUR_MS);
  expect(await admitted(three, "6/9")).toBe(10);
  expect(await admitted([createSharedTally(board, "refusals", limit)], "6/9")).toBe(10);
});

it("a process whose board is away admits a fourth by itself", async () => {
  const clock = createManualClock();
  const away: Board = { change: () => Promise.reject(new BoardAway("It is away.")) };
  const tally = createSharedTally(away, "starts", { perHour: 10, now: () => clock.now() });
  expect(await admitted([tally], "6/9")).toBe(2);
});

it("a process alone admits as many in an hour", async () => {
  const clock = createManualClock();
  const tally = createTally({ perHour: 10, now: () => clock.now() });
  expect(await admitted([tally], "6/9")).toBe(10);
  await clock.advance(HOUR_MS);
  expect(await admitted([tally], "6/9")).toBe(10);
});

it.each(["alone", "shared"])(
  "counts the same once, within the limit and beyond it: %s",
  async (where) => {
    const clock = createManualClock();
    const limit = { perHour: 2, now: () => clock.now() };
    const open = () =>
      where === "alone"
        ? createTally(limit)
        : createSharedTally(createMemoryBoard(clock), "starts", limit);
    const tally = open();
    const admits = async (...asked: string[]) => {
      const answers: boolean[] = [];
      for (const what of asked) answers.push(await tally.admits("6/9", what));
      return answers;
    };
    expect(await admits("a", "a", "a", "b", "c", "a", "b")).toEqual([
      true,
      true,
      true,
      true,
      false,
      true,
      true,
    ]);
    await clock.advance(HOUR_MS);
    expect(await admits("c", "d", "a")).toEqual([true, true, false]);
  },
);
