// The inbox on disk: what every inbox promises, and what only files can do to it.

import { appendFile, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
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

  const file = () => join(dir, "letters.jsonl");
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
    expect((await stat(dir)).mode & 0o077).toBe(0);
    expect((await stat(file())).mode & 0o077).toBe(0);
  });

  it.each([
    ["is cut", '{"v":1,"at":5,"event":{"comm'],
    ["is empty", ""],
    ["lacks a field", '{"v":1,"at":5,"event":{}}'],
    ["is of a version to come", JSON.stringify({ v: 2, ...letter(9) })],
  ])(
    "sets a line aside that %s, names its file in the log, and reads the others",
    async (_, text) => {
      await open().keep(letter(1));
      await appendFile(file(), `${text}\n`);
      await open().keep(letter(2));
      const inbox = open();
      expect(await inbox.letters()).toEqual([letter(1), letter(2)]);
      expect(log.lines).toMatchObject([
        { level: "error", fields: { file: `${file()}.damaged`, lines: 1 } },
      ]);
      expect(await readFile(`${file()}.damaged`, "utf8")).toBe(`${text}\n`);
    },
  );

  it("clears what a crash in mid-write left, in the file and beside it", async () => {
    await open().keep(letter(1));
    await appendFile(file(), '{"v":1,"at":2,"event":{"sour');
    await writeFile(`${file()}.new`, '{"v":1,');
    const next = open();
    await next.keep(letter(2));
    expect(await next.letters()).toEqual([letter(1), letter(2)]);
    expect(await open().letters()).toEqual([letter(1), letter(2)]);
    expect(await readdir(dir)).toEqual(["letters.jsonl"]);
    expect(log.lines).toEqual([]);
  });

  it("holds nothing any more when everything is answered", async () => {
    const inbox = open();
    await Promise.all([inbox.keep(letter(1)), inbox.keep(letter(2))]);
    await Promise.all([inbox.remove(letter(1)), inbox.remove(letter(2))]);
    expect((await stat(file())).size).toBe(0);
  });

  it("does not grow with what was answered while something waits", async () => {
    const inbox = open();
    await inbox.keep(letter(1));
    const body = `/workflow ${"x".repeat(50_000)}`;
    for (let id = 2; id < 20; id += 1) {
      await inbox.keep(letter(id, { body }));
      await inbox.remove(letter(id));
    }
    expect((await stat(file())).size).toBeLessThan(400_000);
    expect(await open().letters()).toEqual([letter(1)]);
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
