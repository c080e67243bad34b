import { expect, it } from "vitest";

import { createMemoryBoard } from "../../src/outside/memory/board.ts";
import { createManualClock } from "../../src/outside/memory/clock.ts";
import { createMemoryLog } from "../../src/outside/memory/log.ts";
import { systemClock } from "../../src/outside/clock.ts";
import { createBoard, type Cells } from "../../src/outside/queue/board.ts";
import { BoardAway } from "../../src/world/board.ts";
import { boardContract } from "../contracts/board.contract.ts";

boardContract("in memory", async () => {
  const board = createMemoryBoard(systemClock);
  return { board, another: () => board, [Symbol.asyncDispose]: async () => {} };
});

const keepMs = 1_000;
const add = (text: string | null) => ({ text: `${text ?? ""}x`, answer: null });

/** A database that somebody else changes under our hands, and that counts what it is asked. */
const cellsWith = (
  kept: { text: string | null },
  before: () => void,
): Cells & { reads: number } => ({
  reads: 0,
  async read() {
    this.reads += 1;
    return { text: kept.text, now: 0 };
  },
  swap: async (_, old, { text }) => {
    before();
    if (kept.text !== old) return false;
    kept.text = text;
    return true;
  },
  close: async () => {},
});

it("changes anew what somebody else changed meanwhile, and takes those that wait along", async () => {
  const kept: { text: string | null } = { text: null };
  let others = 2;
  const cells = cellsWith(kept, () => {
    if (others-- > 0) kept.text = `${kept.text ?? ""}o`;
  });
  const log = createMemoryLog();
  const clock = systemClock;
  const board = createBoard({ cells, clock, random: () => 0, log });
  await Promise.all(Array.from({ length: 5 }, () => board.change("one", add, { keepMs })));
  expect(kept.text).toBe("ooxxxxx");
  // The first one alone, which others got in the way of twice; the four that waited together.
  expect(cells.reads).toBe(4);
});

it("gives up on a database that does not answer, says so once, and says when it is back", async () => {
  const clock = createManualClock();
  const kept = { text: null };
  const cells = cellsWith(kept, () => {});
  let isAway = true;
  const slow: Cells = {
    ...cells,
    read: (key) => (isAway ? new Promise(() => {}) : cells.read(key)),
  };
  const log = createMemoryLog();
  const board = createBoard({ cells: slow, clock, random: () => 0, log });
  const first = board.change("one", add, { keepMs });
  const second = board.change("two", add, { keepMs });
  first.catch(() => undefined);
  second.catch(() => undefined);
  await clock.advance(2_000);
  await expect(first).rejects.toBeInstanceOf(BoardAway);
  await expect(second).rejects.toBeInstanceOf(BoardAway);
  isAway = false;
  await board.change("one", add, { keepMs });
  expect(kept.text).toBe("x");
  expect(log.lines.map(({ level }) => level)).toEqual(["warn", "info"]);
});
