// What earlier runs cost is a hint: it survives crashes and odd lines, and says nothing where nothing is known.

import { appendFile, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterEach, beforeEach, expect, it } from "vitest";

import { openFolderDisk } from "../../src/outside/disk.ts";
import { openPriceBook } from "../../src/runs/price-book.ts";

let folder = "";
beforeEach(async () => void (folder = await mkdtemp(join(tmpdir(), "fanfold-"))));
afterEach(() => rm(folder, { recursive: true, force: true }));

const line = (run: number, usd: number, workflow = "audit") => ({
  run: `wf-${run}`,
  workflow,
  usd,
});

it("tells what the newest runs of one workflow of one repository cost", async () => {
  const book = openPriceBook(openFolderDisk(folder));
  expect(await book.past(1, "audit")).toBeNull();
  await book.note(1, line(1, 9));
  for (let run = 2; run <= 11; run += 1) await book.note(1, line(run, run / 10));
  await book.note(1, line(12, 50, "migrate"));
  await book.note(2, line(13, 70));
  expect(await openPriceBook(openFolderDisk(folder)).past(1, "audit")).toEqual({
    runs: 10,
    lowUsd: 0.2,
    highUsd: 1.1,
  });
});

it("counts a run once, and leaves out what it cannot read", async () => {
  const book = openPriceBook(openFolderDisk(folder));
  await book.note(1, line(1, 2));
  await appendFile(join(folder, "1.jsonl"), '\n{"run":"wf-9","workf');
  await book.note(1, line(1, 3));
  expect(await book.past(1, "audit")).toEqual({ runs: 1, lowUsd: 3, highUsd: 3 });
});
