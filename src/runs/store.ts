// A run on this machine's disk: record, script, and the write-ahead journal that makes a crash lose nothing.

import { readdir, rename } from "node:fs/promises";
import { join } from "node:path";

import type { Entry } from "../engine/journal.ts";
import { isMissing, readIfThere, replaceFile } from "./files.ts";
import { journalFile, toLines } from "./journal-file.ts";
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
  const journal = journalFile(at("journal.jsonl"));
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
    readJournal: () => journal.read(),
    appendJournal: (entries) => journal.append(entries),
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
