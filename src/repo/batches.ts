// Puts together what is asked at the same time: one piece of work after the other, each for all who wait.

import { setImmediate as nextTurn } from "node:timers/promises";

export interface BatchLimits<In> {
  itemsMax: number;
  /** Weights of one batch's items together, unless it is a single one. */
  weightMax: number;
  weigh: (item: In) => number;
}

interface Waiting<In, Out> {
  item: In;
  resolve: (out: Out) => void;
  reject: (error: unknown) => void;
}

/**
 * `work` gets items in the order asked and answers as many, in that order. When it rejects, its items are tried one by
 * one, so that only whoever asked for the impossible is told so.
 */
export function openBatches<In, Out>(
  work: (items: readonly In[]) => Promise<readonly Out[]>,
  limits: BatchLimits<In>,
): (item: In) => Promise<Out> {
  let waiting: Waiting<In, Out>[] = [];
  let isBusy = false;
  const drain = async (): Promise<void> => {
    isBusy = true;
    // Whoever is ready in this turn of the event loop goes along.
    await nextTurn();
    while (waiting.length > 0) {
      const count = fitting(waiting, limits);
      const batch = waiting.slice(0, count);
      waiting = waiting.slice(count);
      await settle(batch, work);
    }
    isBusy = false;
  };
  return (item) =>
    new Promise((resolve, reject) => {
      waiting.push({ item, resolve, reject });
      if (!isBusy) void drain();
    });
}

function fitting<In, Out>(
  waiting: readonly Waiting<In, Out>[],
  { itemsMax, weightMax, weigh }: BatchLimits<In>,
): number {
  let weight = 0;
  const end = waiting
    .slice(0, itemsMax)
    .findIndex(({ item }) => (weight += weigh(item)) > weightMax);
  return end === -1 ? Math.min(waiting.length, itemsMax) : Math.max(1, end);
}

async function settle<In, Out>(
  batch: readonly Waiting<In, Out>[],
  work: (items: readonly In[]) => Promise<readonly Out[]>,
): Promise<void> {
  try {
    const outs = await work(batch.map(({ item }) => item));
    if (outs.length !== batch.length) {
      throw new Error(`${batch.length} were asked together, and ${outs.length} were answered.`);
    }
    for (const [index, out] of outs.entries()) batch[index]?.resolve(out);
  } catch (error) {
    if (batch.length === 1) batch[0]?.reject(error);
    else for (const one of batch) await settle([one], work);
  }
}
