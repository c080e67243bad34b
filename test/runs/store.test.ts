import { appendFile, mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { openFolderDisk } from "../../src/outside/disk.ts";
import type { Entry } from "../../src/engine/journal.ts";
import { knownRuns, runFolder } from "../../src/runs/store.ts";

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), "fanfold-"));
});
afterEach(() => rm(dir, { recursive: true }));

const started = (key: string): Entry => ({
  v: 1,
  kind: "call-started",
  key,
  step: "agent",
  label: null,
  phase: null,
  at: 1,
});

describe("a run on disk", () => {
  it("keeps what was appended, in order", async () => {
    const folder = runFolder(openFolderDisk(dir), "wf-a");
    await folder.appendJournal([started("a"), started("b")]);
    await folder.appendJournal([started("c")]);
    expect(
      (await runFolder(openFolderDisk(dir), "wf-a").readJournal()).map(({ key }) => key),
    ).toEqual(["a", "b", "c"]);
  });

  it("drops the torn last line of a crash and goes on behind the whole ones", async () => {
    const folder = runFolder(openFolderDisk(dir), "wf-a");
    await folder.appendJournal([started("a")]);
    await appendFile(join(dir, "runs", "wf-a", "journal.jsonl"), '{"v":1,"kind":"call-sta');
    expect(await folder.readJournal()).toHaveLength(1);
    await folder.appendJournal([started("b")]);
    expect((await folder.readJournal()).map(({ key }) => key)).toEqual(["a", "b"]);
  });

  it("names the line of a journal that somebody changed", async () => {
    const folder = runFolder(openFolderDisk(dir), "wf-a");
    await folder.appendJournal([started("a")]);
    await appendFile(join(dir, "runs", "wf-a", "journal.jsonl"), "not json\n");
    await expect(folder.readJournal()).rejects.toThrow("Line 2 of the journal");
  });

  it("sets the old journal aside when another machine's takes its place", async () => {
    const folder = runFolder(openFolderDisk(dir), "wf-a");
    await folder.appendJournal([started("a")]);
    await folder.replaceJournal([started("x")]);
    expect((await folder.readJournal()).map(({ key }) => key)).toEqual(["x"]);
    expect(await readdir(join(dir, "runs", "wf-a"))).toContain("journal.set-aside.jsonl");
  });

  it("knows no run in an empty data directory", async () => {
    expect(await knownRuns(openFolderDisk(dir))).toEqual([]);
    expect(await runFolder(openFolderDisk(dir), "wf-a").readRecord()).toBeNull();
  });
});
