// The looks at this machine themselves: the folder as the start makes it, and a sandbox that really runs.

import { mkdtemp, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterEach, beforeEach, expect, it } from "vitest";

import { judgeData, judgeGit, judgeSandbox } from "../../src/doctor/judge-machine.ts";
import { thisMachine } from "../../src/doctor/machine.ts";
import { openData } from "../../src/open-data.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "fanfold-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

it("a data folder that the start has made is private, and a look makes none", async () => {
  const dir = join(folder, "data");
  expect(await thisMachine.dataFolder(dir)).toEqual({ kind: "absent", dir });
  await expect(stat(dir)).rejects.toThrow("ENOENT");
  await openData(dir);
  const data = await thisMachine.dataFolder(dir);
  expect(data).toMatchObject({ kind: "there", mode: 0o700 });
  expect(judgeData(data, { isWindows: false }).map(({ id }) => id)).toEqual(["data"]);
});

it("a file in the place of the data folder cannot be used", async () => {
  const dir = join(folder, "data");
  await writeFile(dir, "");
  expect(await thisMachine.dataFolder(dir)).toMatchObject({ kind: "unusable", why: "ENOTDIR" });
});

it("git and the sandbox of this machine do what runs need of them", async () => {
  expect(judgeGit(await thisMachine.gitVersion()).level).toBe("ok");
  expect(judgeSandbox(await thisMachine.trySandbox()).level).not.toBe("failure");
});
