// A journal on disk: lines of JSON, appended and synced, read back without a last line that a crash cut off.

import { mkdir, open, truncate } from "node:fs/promises";
import { dirname } from "node:path";

import { Entry } from "../engine/journal.ts";
import { createLineBuffer } from "../engine/line-buffer.ts";
import { bytesIfThere, isMissing } from "./files.ts";

/** One journal file. It is made, with its folder, by the first append. */
export interface JournalFile {
  /** A last line without its newline is what a crash in mid-write leaves: never acknowledged, so it is dropped. */
  read(): Promise<Entry[]>;
  /** On disk when it resolves. */
  append(entries: readonly Entry[]): Promise<void>;
}

export function journalFile(path: string): JournalFile {
  const buffer = createLineBuffer();
  return {
    async read() {
      const bytes = await bytesIfThere(path);
      const whole = bytes.subarray(0, bytes.lastIndexOf(LINE_FEED) + 1);
      // A torn last line would otherwise grow into a broken one at the next append.
      if (whole.length < bytes.length) await truncate(path, whole.length);
      return parseJournal(whole);
    },
    async append(entries) {
      await using file = await openToAppend(path);
      const bytes = buffer.encode(linesOf(entries));
      await file.writeFile(bytes);
      await file.datasync();
      buffer.giveBack(bytes);
    },
  };
}

async function openToAppend(path: string) {
  try {
    return await open(path, "a");
  } catch (error) {
    if (!isMissing(error)) throw error;
    await mkdir(dirname(path), { recursive: true });
    return await open(path, "a");
  }
}

const linesOf = (entries: readonly Entry[]): string[] =>
  entries.map((entry) => JSON.stringify(entry));

/** Lines of JSON, one an entry. */
export function toLines(entries: readonly Entry[]): Buffer {
  return createLineBuffer().encode(linesOf(entries));
}

/** Reads a journal of whole lines; a line that does not parse is an error that names it. */
export function parseJournal(bytes: Buffer): Entry[] {
  const entries: Entry[] = [];
  // Line by line out of the bytes: one text of a whole journal is slow to make and to cut.
  for (let start = 0; start < bytes.length;) {
    const end = bytes.indexOf(LINE_FEED, start);
    entries.push(parseLine(bytes.toString("utf8", start, end), entries.length + 1));
    start = end + 1;
  }
  return entries;
}

function parseLine(line: string, number: number): Entry {
  try {
    return Entry.parse(JSON.parse(line));
  } catch (error) {
    throw new Error(
      `Line ${number} of the journal does not parse; the run is left as it is. ` +
        "Move the run's folder away to take it from its checkpoint instead.",
      { cause: error },
    );
  }
}

const LINE_FEED = 10;
