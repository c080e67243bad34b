// Runs of the queue, each read from its database once: which runs there are is asked every time, what they are is not.

import type { Job } from "bullmq";

import type { BullQueue } from "./bull.ts";
import { type KeptTurn, turnOf } from "./bull-turns.ts";

export interface KnownJobs {
  /** Every run that waits, sleeps or is driven: of each state so many at most. */
  turns(most: number): Promise<KeptTurn[]>;
}

/** What is asked of a queue. */
export interface Asked {
  getRanges: BullQueue["getRanges"];
  getJob(id: string): Promise<Pick<Job, "data" | "priority"> | undefined>;
}

/**
 * A thousand runs that wait cost three requests instead of three thousand: nothing of them changes while they wait. One
 * that is driven or sleeps may come back with another turn, so it is read each time.
 */
export function createKnownJobs(queue: Asked): KnownJobs {
  let known: ReadonlyMap<string, KeptTurn> = new Map();
  return {
    turns: async (most) => {
      const { ids, driven, asleep } = await namesIn(queue, most);
      const read = await Promise.all(
        ids.map(async (id): Promise<[string, KeptTurn] | null> => {
          const isWaiting = !asleep.has(id) && !driven.has(id);
          const kept = isWaiting ? known.get(id) : undefined;
          const turn = kept ?? turnOf(await queue.getJob(id), driven.has(id));
          return turn === null ? null : [id, turn];
        }),
      );
      const found = read.filter((each) => each !== null);
      known = new Map(found.filter(([id]) => !asleep.has(id) && !driven.has(id)));
      return found.map(([, turn]) => turn);
    },
  };
}

/**
 * PostgreSQL is asked for one state after the other, so they are asked in the order in which a run goes through them, and for
 * where it may go back to once more: a run that moves meanwhile is seen twice, where another order would miss it.
 */
export async function namesIn(queue: Pick<Asked, "getRanges">, most: number) {
  const last = most === Infinity ? -1 : most - 1;
  const driven = await queue.getRanges(["active"], 0, last);
  const all = await queue.getRanges(["delayed", "waiting", "prioritized", "active"], 0, last);
  const asleep = await queue.getRanges(["delayed"], 0, last);
  const ids = [...new Set([...driven, ...asleep, ...all])];
  return { ids, driven: new Set(driven), asleep: new Set(asleep) };
}
