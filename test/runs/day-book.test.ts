// What was spent today outlives the process, and not the day.

import { appendFile, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterEach, beforeEach, expect, test } from "vitest";

import { openFolderDisk } from "../../src/outside/disk.ts";
import { openDayBook } from "../../src/runs/day-book.ts";

const ada = { installation: 1, repository: 10, user: 100 };
const eve = { ...ada, user: 101 };
const caps = { installation: 50, repository: 20, user: 5 };
const NOON = Date.UTC(2026, 4, 4, 12);

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "fanfold-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const spentBy = async (payer: typeof ada, at = NOON): Promise<number[]> => {
  const accounts = await openDayBook(openFolderDisk(folder), { now: () => at }).accountsOf(
    payer,
    caps,
  );
  return accounts.map(({ spentUsd }) => spentUsd);
};

test("the same accounts serve all runs, with the caps that hold now", async () => {
  const book = openDayBook(openFolderDisk(folder), { now: () => NOON });
  const [all, here, mine] = await book.accountsOf(ada, caps);
  const [allToo, hereToo, theirs] = await book.accountsOf(eve, { ...caps, repository: null });
  expect([allToo, hereToo]).toEqual([all, here]);
  expect(here).toBe(hereToo);
  expect(mine).not.toBe(theirs);
  expect([all, here, mine].map((account) => account?.cap())).toEqual([50, null, 5]);
});

test("a new process knows what was spent, whoever spent it", async () => {
  const book = openDayBook(openFolderDisk(folder), { now: () => NOON });
  await book.write(ada, 1.5);
  await book.write(eve, 0.25);
  expect(await spentBy(ada)).toEqual([1.75, 1.75, 1.5]);
  expect(await spentBy({ ...ada, repository: 11 })).toEqual([1.75, 0, 1.5]);
  expect(await spentBy({ ...ada, installation: 2 })).toEqual([0, 0, 0]);
});

test("the next day begins at nothing", async () => {
  let now = NOON;
  const book = openDayBook(openFolderDisk(folder), { now: () => now });
  const [yesterday] = await book.accountsOf(ada, caps);
  await book.write(ada, 3);
  now += 12 * 60 * 60_000;
  const [today] = await book.accountsOf(ada, caps);
  expect(today).not.toBe(yesterday);
  expect(today?.spentUsd).toBe(0);
});

test("a line that a crash cut off spoils nothing, and a broken one is not guessed at", async () => {
  const path = join(folder, "spend", "2026-05-04.jsonl");
  const book = openDayBook(openFolderDisk(folder), { now: () => NOON });
  await book.write(ada, 1);
  await appendFile(path, '{"installation":1,"repos');
  expect(await spentBy(ada)).toEqual([1, 1, 1]);
  await book.write(ada, 2);
  expect(await spentBy(ada)).toEqual([3, 3, 3]);
  await appendFile(path, "{}\n");
  await expect(spentBy(ada)).rejects.toThrow("Move the file away");
});
