// The inbox on disk: what every inbox promises, and what only files can do to it.

import { mkdtemp, readdir, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { openFolderInbox } from "../../src/outside/inbox.ts";
import { createMemoryInbox } from "../../src/outside/memory/inbox.ts";
import { createMemoryLog, type MemoryLog } from "../../src/outside/memory/log.ts";
import { InboxFull } from "../../src/world/inbox.ts";
import { inboxContract, letter } from "../contracts/inbox.contract.ts";

inboxContract("in memory", async (limits) => ({
  inbox: createMemoryInbox(limits),
  close: () => Promise.resolve(),
}));

inboxContract("a folder", async ({ lettersMax }) => {
  const folder = await mkdtemp(join(tmpdir(), "fanfold-"));
  const bytesMax = 100_000;
  const log = createMemoryLog();
  return {
    inbox: openFolderInbox({ dir: join(folder, "inbox"), lettersMax, bytesMax, log }),
    close: () => rm(folder, { recursive: true, force: true }),
  };
});

describe("an inbox on disk", () => {
  let dir: string;
  let log: MemoryLog;
  beforeEach(async () => {
    dir = join(await mkdtemp(join(tmpdir(), "fanfold-")), "inbox");
    log = createMemoryLog();
  });
  afterEach(() => rm(join(dir, ".."), { recursive: true, force: true }));

  const open = (bytesMax = 100_000) => openFolderInbox({ dir, lettersMax: 10, bytesMax, log });

  it("is found by the next process, and its letters count against the limits again", async () => {
    const body = `/workflow ${"x".repeat(600)}`;
    await open().keep(letter(1, { body }));
    const next = open(1_500);
    expect(await next.letters()).toEqual([letter(1, { body })]);
    await expect(next.keep(letter(2, { body }))).rejects.toThrow(InboxFull);
    await next.remove(letter(1));
    await next.keep(letter(2, { body }));
    expect(await open().letters()).toEqual([letter(2, { body })]);
  });

  it("can be read by nobody else", async () => {
    await open().keep(letter(1));
    const [name = ""] = await readdir(dir);
    expect((await stat(dir)).mode & 0o077).toBe(0);
    expect((await stat(join(dir, name))).mode & 0o077).toBe(0);
  });

  it.each([
    ["is cut", '{"v":1,"at":5,"event":{"comm'],
    ["is empty", ""],
    ["lacks a field", '{"v":1,"at":5,"event":{}}'],
    ["is of a version to come", JSON.stringify({ v: 2, ...letter(9) })],
  ])("sets a file aside that %s, names it in the log, and reads the others", async (_, text) => {
    await open().keep(letter(1));
    await writeFile(join(dir, "2-9.json"), text);
    const inbox = open();
    expect(await inbox.letters()).toEqual([letter(1)]);
    expect(log.lines).toMatchObject([
      { level: "error", fields: { file: join(dir, "2-9.json.damaged") } },
    ]);
    expect((await readdir(dir)).toSorted()).toEqual(["2-1.json", "2-9.json.damaged"]);
    await inbox.keep(letter(9));
    expect(await inbox.letters()).toHaveLength(2);
  });

  it("clears what a crash in mid-write left, and leaves strange files alone", async () => {
    await open().keep(letter(1));
    await writeFile(join(dir, "2-9.json.new"), '{"v":1,');
    await writeFile(join(dir, "notes.txt"), "mine");
    expect(await open().letters()).toEqual([letter(1)]);
    expect((await readdir(dir)).toSorted()).toEqual(["2-1.json", "notes.txt"]);
    expect(log.lines).toEqual([]);
  });

  it("rejects, and has not kept, what the disk refuses, and keeps it when the disk is back", async () => {
    await writeFile(dir, "a file where the folder should be");
    const inbox = open();
    await expect(inbox.keep(letter(1))).rejects.toThrow("EEXIST");
    await rm(dir);
    await inbox.keep(letter(1));
    expect(await inbox.letters()).toEqual([letter(1)]);
  });
});
