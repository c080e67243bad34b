// Which letter is answered when.

import { describe, expect, it } from "vitest";

import { createManualClock } from "../../src/outside/memory/clock.ts";
import { createLetterBook } from "../../src/outside/queue/letter-book.ts";
import { nextOf, type Placed, waitOf } from "../../src/outside/queue/letter-turn.ts";
import { letter } from "../contracts/inbox.contract.ts";

const placed = (order: number, more: Partial<Placed> = {}): Placed => ({
  id: `7-${order}`,
  order,
  isAgain: false,
  isActive: false,
  ...more,
});

it("of a repository is read once in a while, and again while it is in hand", async () => {
  const clock = createManualClock();
  const states = new Map<string, string>();
  const letters = new Map<string, unknown>();
  for (let at = 0; at < 100; at += 1) {
    const kept = letter(at);
    const { repositoryId } = kept.event.repository;
    states.set(`${repositoryId}-${at}`, at === 0 ? "active" : "waiting");
    letters.set(`${repositoryId}-${at}`, { v: 1, ...kept, order: at });
  }
  states.set("999999-1", "waiting");
  const reads: string[] = [];
  const book = createLetterBook(
    {
      getRanges: async (types) =>
        types.flatMap((type) => [...states].filter(([, one]) => one === type).map(([id]) => id)),
      getJob: async (id) => {
        reads.push(id);
        return { data: letters.get(id) };
      },
    },
    clock,
  );
  const { repositoryId } = letter(1).event.repository;
  expect((await book.of(repositoryId)).filter(({ isActive }) => isActive)).toHaveLength(1);
  expect(reads).toHaveLength(100);
  expect(await book.of(repositoryId)).toHaveLength(100);
  expect(reads).toHaveLength(101);
  await clock.advance(2_000);
  await book.of(repositoryId);
  expect(reads).toHaveLength(201);
  expect(reads).not.toContain("999999-1");
});

describe("a letter", () => {
  it("is answered where no other of its repository is before it or in hand", () => {
    expect(waitOf(placed(2), [placed(2, { isActive: true }), placed(3)], true)).toBe(0);
    expect(waitOf(placed(2), [placed(1), placed(2)], true)).toBe(500);
  });

  it("never is while another one of its repository may be answered, so that both stand back at most", () => {
    const later = placed(3, { isActive: true });
    expect(waitOf(placed(2), [placed(2), later], true)).toBeGreaterThan(0);
    // The earlier one asks again sooner.
    const wait = waitOf(placed(3), [placed(2, { isActive: true }), later], true);
    expect(wait).toBeGreaterThan(waitOf(placed(2), [placed(2), later], true));
  });

  it("does not wait for one that comes again later, but for one that was handed out again", () => {
    expect(waitOf(placed(2), [placed(1, { isAgain: true })], true)).toBe(0);
    expect(waitOf(placed(2), [placed(1, { isAgain: true, isActive: true })], true)).toBe(500);
  });

  it("asks the more seldom the more are before it, and once a minute at least", () => {
    const many = Array.from({ length: 500 }, (_, at) => placed(at));
    expect(waitOf(placed(10), many, true)).toBe(5_000);
    expect(waitOf(placed(499), many, true)).toBe(60_000);
  });

  it("asks again soon where its installation has its share in hand", () => {
    expect(waitOf(placed(2), [placed(2)], false)).toBe(500);
  });

  it("is woken when it is the next one", () => {
    const letters = [
      placed(5),
      placed(2, { isActive: true }),
      placed(3, { isAgain: true }),
      placed(4),
    ];
    expect(nextOf(letters)?.order).toBe(4);
    expect(nextOf([placed(2, { isActive: true })])).toBeUndefined();
  });
});
