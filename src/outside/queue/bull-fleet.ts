// What several processes share beside the queue of runs, in the same database.

import type { Job } from "bullmq";
import { z } from "zod";

import type { Fleet, Told } from "../../world/fleet.ts";
import { acting } from "../../world/permit.ts";
import { createBoard } from "./board.ts";
import { type BullQueue, jobOptions } from "./bull.ts";
import { type BullPostOptions, createBullPost } from "./bull-post.ts";
import { holdLock } from "./lock.ts";

const TOLD = "told";
const KEEPER = "keeper";
/** Looks for a keeper's place that was lost with the whole queue. */
const PLACE_MS = 10_000;

const Text = z.object({ id: z.string(), run: z.string(), at: z.number(), text: z.string() });

export interface BullFleetOptions extends BullPostOptions {
  /** From 0 up to 1. */
  random: () => number;
}

/** Opens what the processes share; nothing is handed out yet. */
export function createBullFleet(options: BullFleetOptions): Fleet {
  const { bull } = options;
  const told = bull.queue(TOLD);
  const keeper = bull.queue(KEEPER);
  const post = createBullPost(options);
  return {
    post,
    board: createBoard({ ...options, cells: bull.cells }),
    tell: async (one) => {
      await told.add(TOLD, one, { ...jobOptions, jobId: nameOf(one) });
    },
    told: (run) => toldIn(told, run),
    forget: async (texts) => {
      const names = texts.flatMap((one) => [nameOf(one), one.id]);
      for (const name of names) await (await told.getJob(name))?.remove().catch(() => undefined);
    },
    alone: (work, signal) => alone(options, keeper, { work, signal }),
    close: async () => {
      await Promise.all([told.close(), keeper.close(), bull.cells.close()]);
    },
  };
}

/** Says whose it is, so that whoever looks for a run's reads no other. Those of earlier versions are named by their ids alone. */
const nameOf = ({ run, id }: Told): string => `${run}.${id}`;
const mayBeOf = (run: string, name: string): boolean =>
  name.startsWith(`${run}.`) || !name.includes(".");

/** Nobody takes these jobs: they lie there until they are forgotten. */
async function toldIn(queue: BullQueue, run: string | undefined): Promise<Told[]> {
  const jobs = run === undefined ? await queue.getJobs(["waiting"]) : await jobsOf(queue, run);
  return jobs
    .flatMap((job) => Text.safeParse(job?.data).data ?? [])
    .filter((one) => run === undefined || one.run === run)
    .toSorted((one, other) => one.at - other.at);
}

async function jobsOf(queue: BullQueue, run: string): Promise<(Job | undefined)[]> {
  const names = (await queue.getRanges(["waiting"], 0, -1)).filter((name) => mayBeOf(run, name));
  return await Promise.all(names.map((name) => queue.getJob(name)));
}

interface Alone {
  work: (signal: AbortSignal) => Promise<void>;
  signal: AbortSignal;
}

/** One job that never ends: whoever has it keeps it until it stops or is lost. */
async function alone(
  { bull, clock, log }: BullPostOptions,
  queue: BullQueue,
  { work, signal }: Alone,
): Promise<void> {
  const process = async (job: Job, token: string): Promise<void> => {
    using lock = holdLock({ job, token, clock, times: bull.times });
    const either = AbortSignal.any([signal, lock.signal]);
    try {
      await acting(lock.prove, () => work(either));
    } catch (err) {
      if (!either.aborted) log.error({ err }, "what one process does for all of them failed");
    }
    if (lock.signal.aborted) return;
    // Somebody else's turn; or ours again, after a while.
    await job.moveToDelayed(clock.now() + (signal.aborted ? 0 : PLACE_MS), token);
    throw bull.putBack.sleeping();
  };
  const worker = bull.worker(KEEPER, process, { atOnce: 1 });
  worker.run().catch((err: unknown) => log.error({ err }, "nobody is asked to do it any more"));
  while (!signal.aborted) {
    const placed = queue.add(KEEPER, {}, { ...jobOptions, jobId: KEEPER });
    await placed.catch((err: unknown) => log.warn({ err }, "the queue's database failed"));
    await clock.sleep(PLACE_MS, signal).catch(() => undefined);
  }
  await worker.close();
}
