// A run in this process: its record, script, journal and view, kept in step with the disk.

import type { RunEvent } from "../engine/events.ts";
import type { Entry } from "../engine/journal.ts";
import { isEnded, type RunRecord } from "./record.ts";
import type { RunFolder } from "./store.ts";
import { applyEntry, applyEvent, openView, type RunView } from "./view.ts";

/** One run; only its driver calls the methods that change it. */
export interface LiveRun {
  readonly folder: RunFolder;
  readonly view: RunView;
  record: () => RunRecord;
  script: () => string | null;
  entries: () => readonly Entry[];
  /** Page of its comment or final pull request, once known. */
  url: () => string | null;
  /** Changes the record, on disk when it resolves. */
  update: (change: Partial<RunRecord>) => Promise<void>;
  setScript: (source: string) => Promise<void>;
  setUrl: (url: string | null) => void;
  /** Durable when it resolves. */
  append: (entries: readonly Entry[]) => Promise<void>;
  see: (event: RunEvent) => void;
}

/** Reads a run from its folder; null when this machine does not know it. */
export async function loadRun(folder: RunFolder): Promise<LiveRun | null> {
  const record = await folder.readRecord();
  if (record === null) return null;
  return liveRun(folder, {
    record,
    script: await folder.readScript(),
    entries: await folder.readJournal(),
  });
}

/** A run in hand; what is given must be on disk already. */
export function liveRun(
  folder: RunFolder,
  given: { record: RunRecord; script: string | null; entries: readonly Entry[] },
): LiveRun {
  let { record, script } = given;
  const entries = [...given.entries];
  const view = openView(record.script?.phases ?? []);
  for (const entry of entries) applyEntry(view, entry);
  let url = record.finalPull?.url ?? null;
  return {
    folder,
    view,
    record: () => record,
    script: () => script,
    entries: () => entries,
    url: () => url,
    update: async (change) => {
      record = { ...record, ...change };
      await folder.writeRecord(record);
    },
    setScript: async (source) => {
      await folder.writeScript(source);
      script = source;
    },
    setUrl: (known) => {
      url = known ?? url;
    },
    append: async (fresh) => {
      await folder.appendJournal(fresh);
      entries.push(...fresh);
      for (const entry of fresh) applyEntry(view, entry);
    },
    see: (event) => applyEvent(view, event),
  };
}

/** True while somebody should drive it. */
export const isAlive = (run: LiveRun): boolean => !isEnded(run.record().status);
