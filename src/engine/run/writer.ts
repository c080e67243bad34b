// The one way into the journal: entries become durable in the order they were added, many at a time.

import type { Append, Entry } from "../journal.ts";

/** Writes a run's journal. */
export interface Writer {
  /** Adds entries nobody waits for; they are written before everything added later. */
  add(entry: Entry): void;
  /** Adds entries and resolves when they, and all before them, are durable. */
  commit(entries: readonly Entry[]): Promise<void>;
}

/** `onFailure` hears of a failed append, also when nobody waits for it; after one nothing more is written. */
export function createWriter(append: Append, onFailure: (error: unknown) => void): Writer {
  let pending: Entry[] = [];
  let writing: Promise<void> | null = null;

  async function write(): Promise<void> {
    // One turn later, so that everything added in this turn is one append.
    await Promise.resolve();
    while (pending.length > 0) {
      const batch = pending;
      pending = [];
      await append(batch);
    }
    writing = null;
  }

  function flush(): Promise<void> {
    if (writing === null) {
      writing = write();
      writing.catch(onFailure);
    }
    return writing;
  }

  return {
    add(entry) {
      pending.push(entry);
      void flush().catch(() => {}); // already heard by onFailure
    },
    async commit(entries) {
      pending.push(...entries);
      await flush();
    },
  };
}
