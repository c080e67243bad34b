// A journal on disk: lines of JSON, appended and synced, read back without a last line that a crash cut off.

import { Entry } from "../engine/journal.ts";
import { createLineBuffer } from "../engine/line-buffer.ts";
import { type Disk, wholeLines, wholeLinesNow } from "../world/disk.ts";
import { NewerRun, refuseNewer } from "./older-records.ts";

/** One journal file. It is made, with its folder, by the first append. */
export interface JournalFile {
  /** A last line without its newline is what a crash in mid-write leaves: never acknowledged, so it is dropped. */
  read(): Promise<Entry[]>;
  /** The same, and the file is left as it is: somebody may append to it in this moment. */
  look(): Promise<Entry[]>;
  /** On disk when it resolves. */
  append(entries: readonly Entry[]): Promise<void>;
}

export function journalFile(disk: Disk, path: string): JournalFile {
  const buffer = createLineBuffer();
  return {
    read: async () => parseJournal(await wholeLines(disk, path)),
    look: async () => parseJournal(await wholeLinesNow(disk, path)),
    async append(entries) {
      const bytes = buffer.encode(linesOf(entries));
      await disk.append(path, bytes);
      buffer.giveBack(bytes);
    },
  };
}

const linesOf = (entries: readonly Entry[]): string[] =>
  entries.map((entry) => JSON.stringify(entry));

/** Lines of JSON, one an entry. */
export function toLines(entries: readonly Entry[]): Buffer {
  return createLineBuffer().encode(linesOf(entries));
}

/** A line of a journal is not in the form in which Fanfold writes it. */
export class MalformedJournal extends Error {
  override readonly name = "MalformedJournal";

  constructor(line: number, cause: unknown) {
    super(`Line ${line} of the journal does not parse.`, { cause });
  }
}

/**
 * Reads a journal of whole lines, wherever they stood.
 * @throws {NewerRun} when a later version of Fanfold wrote one of them.
 * @throws {MalformedJournal} when one does not parse; it names the line.
 */
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
    const raw: unknown = JSON.parse(line);
    refuseNewer(raw, "journal format");
    return Entry.parse(raw);
  } catch (error) {
    if (error instanceof NewerRun) throw error;
    throw new MalformedJournal(number, error);
  }
}

const LINE_FEED = 10;
