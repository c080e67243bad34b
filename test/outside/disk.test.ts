// The data folder: what every disk promises, and what only a real one can show.

import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { expect, it } from "vitest";

import { openFolderDisk } from "../../src/outside/disk.ts";
import { createMemoryDisk } from "../../src/outside/memory/disk.ts";
import { diskContract } from "../contracts/disk.contract.ts";

diskContract("in memory", async () => ({
  disk: createMemoryDisk(),
  close: () => Promise.resolve(),
}));

const temporary = (): Promise<string> => mkdtemp(join(tmpdir(), "fanfold-"));

diskContract("a folder", async () => {
  const folder = await temporary();
  return {
    disk: openFolderDisk(join(folder, "data")),
    close: () => rm(folder, { recursive: true, force: true }),
  };
});

it("leaves nothing beside a replaced file", async () => {
  const folder = await temporary();
  const disk = openFolderDisk(folder);
  await disk.replace("run.json", "1");
  await disk.replace("run.json", "2");
  expect(await readdir(folder)).toEqual(["run.json"]);
  await rm(folder, { recursive: true, force: true });
});
