// The queue of many processes: BullMQ hands out runs, under locks that end with their worker.

import type { Job } from "bullmq";

import type { Clock } from "../../world/clock.ts";
import type { Log } from "../../world/log.ts";
import type {
  DriveRun,
  Queue,
  QueueEntry,
  QueueLimits,
  Urgency,
  Wake,
  WakeOptions,
} from "../../world/queue.ts";
import { acting } from "../../world/permit.ts";
import { type Bull, type BullWorker, jobOptions } from "./bull.ts";
import { Data, depth } from "./bull-turns.ts";
import { type KeptRounds, keepRounds } from "./kept-rounds.ts";
import { createKnownJobs, type KnownJobs } from "./known-jobs.ts";
import { holdLock } from "./lock.ts";
import { openPlaces } from "./places.ts";
import { type Given, putBack, putToSleep } from "./put-back.ts";
import { takePlace, type Taking } from "./take-place.ts";
import { byTurn, turnFor } from "./turn.ts";

export interface BullQueueOptions {
  bull: Bull;
  limits: QueueLimits;
  clock: Clock;
  log: Log;
}

const NAME = "runs";
/** Runs of the queue that are looked at to find out whose turn it is; those behind them do not change it. */
const LOOKED_AT = 1_000;

interface State extends BullQueueOptions, Taking {
  known: KnownJobs;
  rounds: KeptRounds;
  worker: BullWorker | null;
  driven: Map<string, AbortController>;
}

/** Opens the queue; nothing is handed out before `start`. */
export function createBullQueue(options: BullQueueOptions): Queue {
  const queue = options.bull.queue(NAME);
  const driven = new Map<string, AbortController>();
  const state: State = {
    ...options,
    queue,
    known: createKnownJobs(queue),
    rounds: keepRounds(options.bull.cells, options.log),
    worker: null,
    driven,
    places: openPlaces(options.limits, options.clock),
    isPaused: false,
    isClosing: false,
  };
  return {
    start(drive) {
      if (state.worker !== null) throw new Error("The queue was started twice.");
      state.worker = work(state, drive);
    },
    add: (wake, wish = {}) => (state.isClosing ? Promise.resolve() : add(state, wake, wish)),
    limits: options.limits,
    entries: () => entriesOf(state),
    depth: () => depth(queue),
    drop: async (run) => {
      const job = await queue.getJob(run);
      if (job !== undefined && !(await job.isActive())) await job.remove().catch(() => undefined);
    },
    pause: () => {
      state.isPaused = true;
      void state.worker?.pause(true);
    },
    resume: () => {
      state.isPaused = false;
      void state.worker?.resume();
    },
    close: (deadlineMs) => close(state, deadlineMs),
  };
}

function work(state: State, drive: DriveRun): BullWorker {
  const { bull, limits, log } = state;
  const atOnce = limits.atOnce + limits.guests;
  const worker = bull.worker(NAME, (job, token) => driveOne(state, drive, { job, token }), {
    atOnce,
  });
  worker.on("stalled", (run) =>
    log.warn({ run }, "a worker was lost; its run is handed out again"),
  );
  if (state.isPaused) void worker.pause(true);
  worker.run().catch((err: unknown) => log.error({ err }, "runs are not handed out any more"));
  return worker;
}

async function add(state: State, wake: Wake, wish: WakeOptions): Promise<void> {
  const { queue, clock } = state;
  const { delayMs = 0, urgency = "asked" } = wish;
  const job = await queue.getJob(wake.run);
  if (job !== undefined) return await wakeEarlier(state, job, wish);
  const priority = await turnOfNow(state, wake, urgency);
  const data = { ...wake, due: clock.now() + delayMs };
  await queue.add(NAME, data, { ...jobOptions, jobId: wake.run, delay: delayMs, priority });
}

async function turnOfNow({ known, rounds }: State, wake: Wake, urgency: Urgency): Promise<number> {
  const queued = await known.turns(LOOKED_AT);
  return turnFor(wake, urgency, { queued, rounds: await rounds.now(queued) });
}

/** Only a sleeper changes. One that is handed out in this very moment is as good as woken. */
async function wakeEarlier(
  state: State,
  job: Job,
  { delayMs = 0, urgency }: WakeOptions,
): Promise<void> {
  const { clock, log } = state;
  if (!(await job.isDelayed())) return;
  const data = Data.safeParse(job.data);
  const due = clock.now() + delayMs;
  if (data.success && data.data.due <= due) return;
  try {
    await job.updateData({ ...job.data, due });
    if (delayMs > 0) return await job.changeDelay(delayMs);
    if (urgency === "word" && data.success) {
      const priority = await turnOfNow(state, data.data, urgency);
      await job.changePriority({ priority });
    }
    await job.promote();
  } catch (err) {
    if (await job.isDelayed()) throw err;
    log.info({ run: job.id }, "a sleeping run was handed out before it could be woken");
  }
}

/** One that found its places taken comes back within `renewMs`, and waits as those do that were not handed out yet. */
async function entriesOf({ known, bull, clock }: State): Promise<QueueEntry[]> {
  const soon = clock.now() + bull.times.renewMs;
  const turns = byTurn(await known.turns(Infinity));
  return turns.map(({ wake, isDriven, due }) => ({
    ...wake,
    state: isDriven ? "driven" : due <= soon ? "waiting" : "sleeping",
  }));
}

/** A job that cannot be read is forgotten: its run is found by its checkpoint. */
async function driveOne(state: State, drive: DriveRun, { job, token }: Given): Promise<void> {
  const { bull, clock, log, driven } = state;
  const data = Data.safeParse(job.data);
  if (!data.success) return log.error({ job: job.id }, "what the queue holds cannot be read");
  const { run, repository } = data.data;
  const since = clock.monotonic();
  using lock = holdLock({ job, token, clock, times: bull.times });
  // It was on its way when this process was paused.
  if (state.isPaused || state.isClosing) return await putBack(state.bull, { job, token });
  await takePlace(state, { job, token }, { run, repository });
  const abort = new AbortController();
  driven.set(run, abort);
  const signal = AbortSignal.any([abort.signal, lock.signal]);
  // Also for a process that is stopping: it brings its run to a safe place.
  const mayAct = (): Promise<void> => lock.prove();
  let againMs: number | null = null;
  try {
    await state.rounds.served({ wake: { run, repository }, turn: job.priority });
    const hold = { signal, isExclusive: true, mayAct, since };
    againMs = await acting(mayAct, () => drive({ run, repository }, hold));
  } catch (error) {
    if (!signal.aborted)
      log.error({ run, err: error }, "A run's driver failed; its checkpoint stands.");
  } finally {
    driven.delete(run);
    state.places.leave(repository);
  }
  if (lock.signal.aborted) return await handBack(state, { run, repository });
  if (abort.signal.aborted) return await putBack(state.bull, { job, token });
  if (againMs !== null) await putToSleep(state, { job, token }, againMs);
}

/** Nobody may know of the run any more when the whole queue was lost. Whoever has it by now keeps it. */
async function handBack(state: State, wake: Wake): Promise<void> {
  const { log, bull, isClosing } = state;
  log.warn({ run: wake.run }, "the queue's lock of a run was lost; whoever gets it next goes on");
  if (!isClosing) await add(state, wake, { delayMs: bull.times.lockMs });
}

async function close(state: State, deadlineMs: number): Promise<void> {
  const { clock, log, driven, queue, worker } = state;
  state.isClosing = true;
  const closed = worker?.close() ?? Promise.resolve();
  for (const abort of driven.values()) {
    abort.abort(new Error("The bot is stopping; the run goes on at once where another one is."));
  }
  const enough = new AbortController();
  const stopped = closed.then(() => enough.abort());
  const deadline = clock.sleep(deadlineMs, enough.signal).catch(() => {});
  await Promise.race([stopped, deadline]);
  if (driven.size > 0) {
    log.warn(
      { runs: [...driven.keys()] },
      "Runs did not stop in time; others wait for their locks.",
    );
    void worker?.disconnect();
  }
  await queue.close();
}
