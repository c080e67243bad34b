// What every board promises: entries that several processes change, one after the other.

import { describe, expect, it } from "vitest";

import type { Board } from "../../src/world/board.ts";

export interface BoardHome extends AsyncDisposable {
  board: Board;
  /** Another process of the same bot. */
  another(): Board;
}

const keepMs = 60_000;
const addOne = (text: string | null) => {
  const sum = Number(text ?? "0") + 1;
  return { text: String(sum), answer: sum };
};
const look = (text: string | null) => ({ text: null, answer: text });

export function boardContract(name: string, open: () => Promise<BoardHome>): void {
  describe(`board: ${name}`, () => {
    it("loses no change of several processes at once, and answers each with its own", async () => {
      await using home = await open();
      const boards = [home.board, home.another(), home.another()];
      const changes = boards.flatMap((board) =>
        Array.from({ length: 20 }, () => board.change("sum", addOne, { keepMs })),
      );
      const answers = await Promise.all(changes);
      expect(answers.toSorted((one, other) => one - other)).toEqual(
        Array.from({ length: 60 }, (_, index) => index + 1),
      );
      expect(await home.board.change("sum", look, { keepMs })).toBe("60");
    });

    it("keeps entries apart, and one for no longer than it was told", async () => {
      await using home = await open();
      const { board } = home;
      await board.change("short", addOne, { keepMs: 60 });
      await board.change("long", addOne, { keepMs });
      await new Promise((resolve) => setTimeout(resolve, 150));
      expect(await home.another().change("short", look, { keepMs })).toBeNull();
      expect(await board.change("short", addOne, { keepMs })).toBe(1);
      expect(await board.change("long", addOne, { keepMs })).toBe(2);
    });

    it("has one clock for all, which says what time it is", async () => {
      await using home = await open();
      const now = (_: string | null, at: number) => ({ text: null, answer: at });
      const first = await home.board.change("any", now, { keepMs });
      const second = await home.another().change("any", now, { keepMs });
      expect(second).toBeGreaterThanOrEqual(first);
      expect(Math.abs(first - Date.now())).toBeLessThan(5_000);
    });
  });
}
