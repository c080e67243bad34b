// A run on this machine's disk: record, script, and the write-ahead journal that makes a crash lose nothing.

import type { Entry } from "../engine/journal.ts";
import { type Disk, textAt } from "../world/disk.ts";
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
  /** The same for whoever does not drive the run: nothing is dropped from the file, which may be written to meanwhile. */
  lookAtJournal(): Promise<Entry[]>;
  appendJournal(entries: readonly Entry[]): Promise<void>;
  /** Replaces the whole journal, the old one set aside; for taking over what another machine did. */
  replaceJournal(entries: readonly Entry[]): Promise<void>;
  /** Moves record, script and journal into a folder of their own, beside what was set aside before; resolves to its path. */
  setAside(): Promise<string>;
}

const RUNS = "runs";
const ASIDE = "set-aside-";
/** The record last: as long as it stands, a set-aside that was cut short begins once more. */
const FILES = ["script.js", "journal.jsonl", "run.json"];

/** The folder of one run. */
export function runFolder(disk: Disk, id: string): RunFolder {
  const at = (name: string): string => `${RUNS}/${id}/${name}`;
  const journal = journalFile(disk, at("journal.jsonl"));
  return {
    id,
    transcripts: openTranscripts(disk, at("agents")),
    readRecord: async () => {
      const text = await textAt(disk, at("run.json"));
      return text === null ? null : RunRecord.parse(JSON.parse(text));
    },
    writeRecord: (record) => disk.replace(at("run.json"), `${JSON.stringify(record, null, 2)}\n`),
    readScript: () => textAt(disk, at("script.js")),
    writeScript: (source) => disk.replace(at("script.js"), source),
    readJournal: () => journal.read(),
    lookAtJournal: () => journal.look(),
    appendJournal: (entries) => journal.append(entries),
    replaceJournal: async (entries) => {
      // A copy: whatever fails on the way, the journal is the old one or the new one.
      const old = await disk.read(at("journal.jsonl"));
      if (old !== null) await disk.replace(at("journal.set-aside.jsonl"), old);
      await disk.replace(at("journal.jsonl"), toLines(entries));
    },
    setAside: async () => {
      const before = (await disk.list(`${RUNS}/${id}`)).filter((name) => name.startsWith(ASIDE));
      const folder = at(`${ASIDE}${before.length + 1}`);
      for (const name of FILES) {
        const bytes = await disk.read(at(name));
        if (bytes !== null) await disk.replace(`${folder}/${name}`, bytes);
      }
      for (const name of FILES) await disk.remove(at(name));
      return folder;
    },
  };
}

/** Ids of all runs this machine knows. */
export const knownRuns = (disk: Pick<Disk, "list">): Promise<string[]> => disk.list(RUNS);
