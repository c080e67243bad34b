// A run in this process: its record, script, journal and view, kept in step with the disk.

import type { RunEvent } from "../engine/events.ts";
import type { Entry } from "../engine/journal.ts";
import type { Decision } from "../steps/context.ts";
import { isAnswered } from "./kept-agents.ts";
import { isEnded, type RunRecord } from "./record.ts";
import { saidHere } from "./said.ts";
import type { Comment } from "../world/forge.ts";
import type { RunFolder } from "./store.ts";
import { applyEntry, applyEvent, openView, type RunView } from "./view.ts";

/** What a run is made of on disk. */
export interface RunContents {
  record: RunRecord;
  script: string | null;
  entries: readonly Entry[];
}

/** One run: the same object for as long as the process knows the run. Only its driver appends to it. */
export interface LiveRun {
  readonly folder: RunFolder;
  readonly view: RunView;
  record: () => RunRecord;
  script: () => string | null;
  entries: () => readonly Entry[];
  /** Page of its comment or final pull request, once known. */
  url: () => string | null;
  /** Changes the record, on disk when it resolves; changes asked for at the same time are all kept. */
  update: (change: Partial<RunRecord>) => Promise<void>;
  setScript: (source: string) => Promise<void>;
  setUrl: (url: string | null) => void;
  /** Its comment as this process knows it; null before it was made or found. */
  comment: () => Comment | null;
  /** Its page is the run's from then on. */
  setComment: (comment: Comment) => void;
  /** Durable when it resolves. */
  append: (entries: readonly Entry[]) => Promise<void>;
  see: (event: RunEvent) => void;
  /** Resolves as soon as a question of this run is decided. */
  whenDecided: (question: string, signal: AbortSignal) => Promise<Decision>;
  /** Takes on what another machine did; what people asked for here meanwhile stays. */
  replace: (contents: RunContents) => Promise<void>;
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
export function liveRun(folder: RunFolder, given: RunContents): LiveRun {
  let { record, script } = given;
  let entries = [...given.entries];
  let view = viewOf(given);
  const pages = pagesOf(record);
  let writing: Promise<void> = Promise.resolve();
  const changed = new EventTarget();
  const update = (change: Partial<RunRecord>): Promise<void> => {
    record = { ...record, ...change };
    // One write after the other: each writes the record as it is by then.
    writing = writing.catch(() => undefined).then(() => folder.writeRecord(record));
    return writing.then(() => void changed.dispatchEvent(new Event("record")));
  };
  return {
    folder,
    get view() {
      return view;
    },
    record: () => record,
    script: () => script,
    entries: () => entries,
    ...pages,
    update,
    setScript: async (source) => {
      await folder.writeScript(source);
      script = source;
    },
    append: async (fresh) => {
      await folder.appendJournal(fresh);
      entries.push(...fresh);
      for (const entry of fresh) applyEntry(view, entry);
      const answered = fresh.filter(isAnswered);
      await Promise.all(answered.map(({ key }) => folder.transcripts.forget(key)));
    },
    see: (event) => applyEvent(view, event),
    whenDecided: (question, signal) => {
      const { promise, resolve, reject } = Promise.withResolvers<Decision>();
      const look = (): void => {
        const known = record.questions.find(({ id }) => id === question)?.decision;
        if (known != null) resolve(known);
      };
      changed.addEventListener("record", look, { signal });
      signal.addEventListener("abort", () => reject(signal.reason), { once: true });
      look();
      return promise;
    },
    replace: async (contents) => {
      await folder.replaceJournal(contents.entries);
      // What is on disk is in hand, also when what follows fails: a record never goes before its journal.
      entries = [...contents.entries];
      view = viewOf(contents);
      if (contents.script !== null) await folder.writeScript(contents.script);
      script = contents.script;
      await update({ ...contents.record, ...saidHere(contents.record, record) });
    },
  };
}

/** Where people are sent to read of it. */
function pagesOf({
  finalPull,
}: RunRecord): Pick<LiveRun, "url" | "setUrl" | "comment" | "setComment"> {
  let url = finalPull?.url ?? null;
  let comment: Comment | null = null;
  return {
    url: () => url,
    setUrl: (known) => void (url = known ?? url),
    comment: () => comment,
    setComment: (known) => {
      comment = known;
      url ??= known.url;
    },
  };
}

function viewOf({ record, entries }: RunContents): RunView {
  const view = openView(record.script?.phases ?? []);
  for (const entry of entries) applyEntry(view, entry);
  return view;
}

/** True while somebody should drive it. */
export const isAlive = (run: LiveRun): boolean => !isEnded(run.record().status);
