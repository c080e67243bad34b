// What earlier processes of this run left in the journal, handed out in journal order.

import { Diverged } from "../errors.ts";
import type { CallEnded, Entry } from "../journal.ts";

/** The outcomes that are still to be replayed. */
export interface History {
  outcomeOf(key: string): CallEnded | undefined;
  wasStarted(key: string): boolean;
  /** The next outcome in journal order among the calls that are open, or null; each is handed out once. */
  take(isOpen: (key: string) => boolean): CallEnded | null;
  remaining(): readonly CallEnded[];
}

/** Reads entries in order. Throws `Diverged` when one call ended twice: such a journal had two writers. */
export function createHistory(entries: readonly Entry[]): History {
  const started = new Set<string>();
  const ended = new Map<string, CallEnded>();
  for (const entry of entries) {
    if (entry.kind === "call-started") started.add(entry.key);
    else if (ended.has(entry.key)) throw twice(entry);
    else ended.set(entry.key, entry);
  }
  const left = new Map(ended);
  return {
    outcomeOf: (key) => ended.get(key),
    wasStarted: (key) => started.has(key),
    take(isOpen) {
      for (const [key, entry] of left) {
        if (!isOpen(key)) continue;
        left.delete(key);
        return entry;
      }
      return null;
    },
    remaining: () => [...left.values()],
  };
}

function twice({ step, key }: CallEnded): Diverged {
  return new Diverged(
    `The journal holds two outcomes for one call (${step} ${key}): two processes wrote to it. Nothing was performed; start the run anew.`,
  );
}
