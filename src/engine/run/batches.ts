// What the script is told next: recorded outcomes first, then live ones, durable before they are told.

import { setImmediate as turn } from "node:timers/promises";

import type { Performed } from "../call.ts";
import { Diverged } from "../errors.ts";
import type { CallEnded } from "../journal.ts";
import type { RunOptions } from "../run.ts";
import { catchable, type Calls } from "./calls.ts";
import type { Arrived, Delivery, OpenCall } from "./open-call.ts";
import { emitEnded, fromEntry, toEntry } from "./deliveries.ts";
import type { Failure } from "./failure.ts";
import type { History } from "./history.ts";
import type { Writer } from "./writer.ts";

// So many become durable at once that the disk is no hindrance, and so few that the script need not wait for all.
const MOST_AT_ONCE = 512;

/** Durable outcomes the script has not heard of yet, in journal order. */
export type Batch = readonly Delivery[];

/** Hands out what is to be delivered, in the order of the journal. */
export interface Batches {
  /** Everything that can be delivered now; the script still moves after each outcome alone. */
  next(): Promise<Batch>;
  /** Whether the whole history was delivered: what is asked now may be performed at once. */
  isLive(): boolean;
  /** Begins to make durable what has arrived, while the script hears of the batch before. */
  prepare(): void;
  /** Resolves when nothing is being made durable, however that ended. */
  idle(): Promise<void>;
}

interface BatchesOptions {
  options: RunOptions;
  history: History;
  calls: Calls;
  writer: Writer;
  failure: Failure;
}

/** The batches of one run. */
export function createBatches(parts: BatchesOptions): Batches {
  const { history, calls, failure } = parts;
  let isLive = history.isSpent();
  let ahead: Promise<Batch> | null = null;

  async function find(): Promise<Batch> {
    const entries = history.take((key) => calls.isOpen(key));
    if (entries.length > 0) return await replay(parts, entries);
    const [unasked] = history.remaining();
    if (unasked !== undefined && history.isWhole()) throw diverged(unasked);
    isLive = true;
    calls.release();
    for (;;) {
      // A parked call may be answered already and only not have come round yet.
      if (calls.stalled() !== null) await failure.or(turn());
      const stalled = calls.stalled();
      if (stalled !== null) throw stalled;
      const arrived = await failure.or(calls.arrivals(MOST_AT_ONCE));
      if (arrived.length > 0) return await settle(parts, arrived);
    }
  }

  return {
    async next() {
      const batch = ahead ?? find();
      const found = await batch;
      ahead = null;
      return found;
    },
    isLive: () => isLive,
    prepare() {
      if (ahead !== null || !isLive) return;
      const arrived = calls.takeArrived(MOST_AT_ONCE);
      if (arrived.length === 0) return;
      ahead = settle(parts, arrived);
      // Whoever asks for the batch hears of it; nobody does when the run has ended meanwhile.
      ahead.catch(() => {});
    },
    async idle() {
      await ahead?.catch(() => {});
    },
  };
}

async function replay(
  parts: BatchesOptions,
  entries: readonly CallEnded[],
): Promise<readonly Delivery[]> {
  const deliveries: Delivery[] = [];
  for (const entry of entries) {
    const open = parts.calls.opened(entry);
    const { outcome } = entry;
    const performed = outcome === null ? await recompute(parts, open) : fromEntry(entry, outcome);
    emitEnded(parts.options.emit, {
      entry: { ...entry, outcome: performed.outcome },
      replayed: true,
    });
    deliveries.push({ open, performed });
  }
  return deliveries;
}

async function recompute(
  { options, failure }: BatchesOptions,
  { step, call }: OpenCall,
): Promise<Performed> {
  const context = { ...PURE, signal: options.signal, startedAt: options.now() };
  return await finish(await failure.or(catchable(() => step.perform(call, context))));
}

const PURE = {
  parked: () => Promise.reject(new Error("A recomputed step waits for nothing.")),
  claim: () => false,
};

// Group commit: what arrived together becomes durable together, in the order of arrival.
async function settle(parts: BatchesOptions, arrived: readonly Arrived[]): Promise<Batch> {
  const { options, writer, failure } = parts;
  const deliveries: Delivery[] = [];
  for (const { open, settlement } of arrived) {
    deliveries.push({ open, performed: await finish(settlement) });
  }
  const entries = deliveries.map((delivery) => toEntry(delivery, options.now()));
  await failure.or(writer.commit(entries));
  for (const [index, entry] of entries.entries()) {
    const outcome = deliveries[index]?.performed.outcome ?? null;
    const replayed = arrived[index]?.reused === true;
    emitEnded(options.emit, { entry: { ...entry, outcome }, replayed });
  }
  return deliveries;
}

async function finish(settlement: Arrived["settlement"]): Promise<Performed> {
  return typeof settlement === "function" ? await catchable(settlement) : settlement;
}

/** The failure of a run whose journal is not its own. */
export function diverged({ step, key }: CallEnded): Diverged {
  return new Diverged(
    `The journal holds an outcome (${step} ${key}) that is not asked for now. Nothing new was performed.`,
  );
}
