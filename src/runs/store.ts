// A run on this machine's disk: record, script, and the write-ahead journal that makes a crash lose nothing.

import { mkdir, open, readdir, readFile, rename, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { Entry } from "../engine/journal.ts";
import { RunRecord } from "./record.ts";
import { openTranscripts, type Transcripts } from "./transcripts.ts";

/** One run's folder. Everything written is on disk when the promise resolves. */
export interface RunFolder {
  readonly id: string;
  /** What the agents under way have said so far. */
  readonly transcripts: Transcripts;
  /** Null when this machine does not know the run. */
  readRecord(): Promise<RunRecord | null>;
  writeRecord(record: RunRecord): Promise<void>;
  readScript(): Promise<string | null>;
  writeScript(source: string): Promise<void>;
  /** A last line without its newline is what a crash in mid-write leaves: never acknowledged, so it is dropped. */
  readJournal(): Promise<Entry[]>;
  appendJournal(entries: readonly Entry[]): Promise<void>;
  /** Replaces the whole journal, the old one set aside; for taking over what another machine did. */
  replaceJournal(entries: readonly Entry[]): Promise<void>;
}

/** The folder of one run below the data directory. */
export function runFolder(dataDir: string, id: string): RunFolder {
  const dir = join(dataDir, "runs", id);
  const at = (name: string): string => join(dir, name);
  return {
    id,
    transcripts: openTranscripts(at("agents")),
    readRecord: async () => {
      const text = await readIfThere(at("run.json"));
      return text === null ? null : RunRecord.parse(JSON.parse(text));
    },
    writeRecord: (record) => replaceFile(dir, "run.json", `${JSON.stringify(record, null, 2)}\n`),
    readScript: () => readIfThere(at("script.js")),
    writeScript: (source) => replaceFile(dir, "script.js", source),
    readJournal: async () => {
      const bytes = await bytesIfThere(at("journal.jsonl"));
      const whole = bytes.subarray(0, bytes.lastIndexOf(LINE_FEED) + 1);
      // A torn last line would otherwise grow into a broken one at the next append.
      if (whole.length < bytes.length) await truncate(at("journal.jsonl"), whole.length);
      return parseJournal(whole);
    },
    appendJournal: async (entries) => {
      await mkdir(dir, { recursive: true });
      await using file = await open(at("journal.jsonl"), "a");
      await file.write(toLines(entries));
      await file.datasync();
    },
    replaceJournal: async (entries) => {
      if ((await readIfThere(at("journal.jsonl"))) !== null) {
        await rename(at("journal.jsonl"), at("journal.set-aside.jsonl"));
      }
      await replaceFile(dir, "journal.jsonl", toLines(entries));
    },
  };
}

/** Ids of all runs this machine knows. */
export async function knownRuns(dataDir: string): Promise<string[]> {
  try {
    return await readdir(join(dataDir, "runs"));
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}

/** Lines of JSON, one an entry. */
export function toLines(entries: readonly Entry[]): string {
  const lines = entries.map((entry) => JSON.stringify(entry));
  return [...lines, ""].join("\n");
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

async function replaceFile(dir: string, name: string, content: string): Promise<void> {
  await mkdir(dir, { recursive: true });
  const temporary = join(dir, `.${name}.new`);
  await writeFile(temporary, content, { flush: true });
  await rename(temporary, join(dir, name));
}

async function readIfThere(path: string): Promise<string | null> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
}

async function bytesIfThere(path: string): Promise<Buffer> {
  try {
    return await readFile(path);
  } catch (error) {
    if (isMissing(error)) return Buffer.alloc(0);
    throw error;
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ENOENT";
}
