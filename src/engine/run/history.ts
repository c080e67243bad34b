// What earlier processes of this run left in the journal, handed out in journal order.

import { Diverged } from "../errors.ts";
import type { CallEnded, Entry } from "../journal.ts";

/** The outcomes that are still to be replayed. */
export interface History {
  outcomeOf(key: string): CallEnded | undefined;
  /** When an earlier process started the call, if it is in the journal as started. */
  startedAt(key: string): number | undefined;
  /**
   * The outcomes that come next in journal order among the calls that are open, or none; each is handed out once. Where
   * an entry is passed over, because its call is not open yet, only one is: what the script does next may open it.
   */
  take(isOpen: (key: string) => boolean): readonly CallEnded[];
  isSpent(): boolean;
  /** The script has taken this call back: its outcome is not delivered. */
  drop(key: string): void;
  /** This call is not answered as it was then: what hung on its outcome need not be asked for any more. */
  refuse(key: string): void;
  remaining(): readonly CallEnded[];
  /** Whether everything that remains must be asked for. */
  isWhole(): boolean;
}

/** Reads entries in order. Throws `Diverged` when one call ended twice: such a journal had two writers. */
export function createHistory(entries: readonly Entry[]): History {
  const started = new Map<string, number>();
  const ended = new Map<string, CallEnded>();
  for (const entry of entries) {
    if (entry.kind === "call-started") started.set(entry.key, entry.at);
    else if (ended.has(entry.key)) throw twice(entry);
    else ended.set(entry.key, entry);
  }
  const left = new Map(ended);
  let isWhole = true;
  return {
    outcomeOf: (key) => ended.get(key),
    startedAt: (key) => started.get(key),
    take(isOpen) {
      const taken: CallEnded[] = [];
      let passedOver = false;
      for (const [key, entry] of left) {
        if (isOpen(key)) taken.push(entry);
        else passedOver = true;
        if (passedOver && taken.length > 0) break;
      }
      for (const { key } of taken) left.delete(key);
      return taken;
    },
    isSpent: () => left.size === 0,
    drop: (key) => void left.delete(key),
    refuse(key) {
      left.delete(key);
      isWhole = false;
    },
    remaining: () => [...left.values()],
    isWhole: () => isWhole,
  };
}

function twice({ step, key }: CallEnded): Diverged {
  return new Diverged(
    `The journal holds two outcomes for one call (${step} ${key}): two processes wrote to it. Nothing was performed; start the run anew.`,
  );
}
