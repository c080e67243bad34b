// BullMQ on Redis or PostgreSQL, loaded only when it is chosen, with settings that no run is lost by.

import type { Job, JobsOptions, JobType, WorkerOptions } from "bullmq";

import type { Log } from "../../world/log.ts";
import type { Cells } from "./board.ts";
import { postgresCells } from "./postgres-cells.ts";
import { redisCells } from "./redis-cells.ts";

/** The queue cannot be used; the message says what to do. */
export class NoWayToQueue extends Error {
  override readonly name = "NoWayToQueue";
}

/** How soon a lost worker is noticed. All in milliseconds. */
export interface LossTimes {
  /** A worker that did not renew its lock for so long is lost. */
  lockMs: number;
  /** Between two renewals: several may fail before the lock is lost. */
  renewMs: number;
  /** Between two looks for lost workers, by whichever worker is alive. */
  lookMs: number;
}

/** A killed worker's run is another one's after 10 s at most: 8 of the lock and 2 until somebody looks. */
export const usualLossTimes: LossTimes = { lockMs: 8_000, renewMs: 2_000, lookMs: 2_000 };

export type Processor = (job: Job, token: string) => Promise<void>;

/** What we use of BullMQ's queues, whichever database they are on. */
export interface BullQueue {
  add(name: string, data: unknown, options: JobsOptions): Promise<Job>;
  getJob(id: string): Promise<Job | undefined>;
  /** Ids of jobs, without reading them. */
  getRanges(types: JobType[], first?: number, last?: number): Promise<string[]>;
  /** Jobs that went away between two requests are undefined. */
  getJobs(types: JobType[], first?: number, last?: number): Promise<(Job | undefined)[]>;
  getJobCounts(...types: JobType[]): Promise<Record<string, number>>;
  obliterate(options: { force: boolean }): Promise<void>;
  close(): Promise<void>;
}

/** What we use of its workers. */
export interface BullWorker {
  run(): Promise<void>;
  pause(leaveActive: boolean): Promise<void>;
  resume(): Promise<void>;
  close(): Promise<void>;
  disconnect(): Promise<void>;
  on(event: "stalled", listener: (id: string) => void): unknown;
}

/** Makes queues and workers on one database. Close each, then the rest. */
export interface Bull {
  queue(name: string): BullQueue;
  worker(name: string, process: Processor, options: { atOnce: number }): BullWorker;
  /** Thrown by a processor that put its job back to wait, or to sleep. */
  putBack: { waiting(): Error; sleeping(): Error };
  /** Small entries beside the queues. */
  cells: Cells;
  times: LossTimes;
}

export interface BullOptions {
  /** `redis://`, `rediss://`, `postgres://` or `postgresql://`. */
  url: string;
  log: Log;
  times?: LossTimes;
  /** Keeps several houses apart that share a database: letters, digits and underscores. */
  space?: string;
}

/** Rejects with `NoWayToQueue` when a package is missing, or the database's clock and ours are too far apart. */
export async function openBull(options: BullOptions): Promise<Bull> {
  const { url, log, times = usualLossTimes, space = "fanfold" } = options;
  const bullmq = await installed();
  const isPostgres = /^postgres(?:ql)?:/u.test(url);
  if (isPostgres) await preparePostgres(bullmq, { url, schema: space });
  const { WaitingError, DelayedError } = bullmq;
  // Without a listener the process would end. Connections are made anew by the client, and looks are repeated.
  const heard = (name: string) => (err: Error) =>
    log.warn({ queue: name, err }, "the queue's database failed");
  const database = isPostgres
    ? await onPostgres(bullmq, { connectionString: url, schema: space }, heard)
    : await onRedis(bullmq, { url, space }, heard);
  return {
    queue: (name) => database.queue(name).on("error", heard(name)),
    worker: (name, process, { atOnce }) =>
      database.worker(name, process, safeOptions(times, atOnce)).on("error", heard(name)),
    putBack: { waiting: () => new WaitingError(), sleeping: () => new DelayedError() },
    cells: database.cells,
    times,
  };
}

/** Its workers always give one. */
const withToken =
  (process: Processor) =>
  (job: Job, token = ""): Promise<void> =>
    process(job, token);

type Options = Omit<WorkerOptions, "connection">;

type Heard = (name: string) => (err: Error) => void;

async function onRedis(
  { Queue, Worker }: Package,
  { url, space }: { url: string; space: string },
  heard: Heard,
) {
  const { Redis } = await import("ioredis");
  // Whoever shares limits goes on without a database that is away.
  const client = new Redis(url, { lazyConnect: true, maxRetriesPerRequest: 1 });
  client.on("error", heard("board"));
  // A worker waits for as long as its Redis is away; the braces keep a cluster's keys together.
  const common = { connection: { url, maxRetriesPerRequest: null }, prefix: `{${space}}` };
  return {
    cells: redisCells(client, space),
    queue: (name: string) => new Queue(name, common),
    worker: (name: string, process: Processor, options: Options) =>
      new Worker(name, withToken(process), { ...options, ...common }),
  };
}

async function onPostgres(
  { Queue, Worker, PostgresConnection, createPostgresBackend }: Package,
  connection: { connectionString: string; schema: string },
  heard: Heard,
) {
  const own = new PostgresConnection(connection);
  own.on("error", heard("board"));
  return {
    cells: await postgresCells(own.pool, () => own.close()),
    queue: (name: string) => new Queue(name, { connection }, createPostgresBackend),
    worker: (name: string, process: Processor, options: Options) =>
      new Worker(name, withToken(process), { ...options, connection }, createPostgresBackend),
  };
}

/** BullMQ's own settings find a killed worker after 90 s, and give a job up whose worker died twice. */
const safeOptions = ({ lockMs, lookMs }: LossTimes, atOnce: number): Options => ({
  autorun: false,
  concurrency: atOnce,
  lockDuration: lockMs,
  stalledInterval: lookMs,
  // Ours, so that whoever holds a lock knows since when.
  skipLockRenewal: true,
  // A run that kills its drivers is found in its checkpoint.
  maxStalledCount: 1e9,
  runRetryDelay: 1_000,
  drainDelay: 2,
});

/** A kept job would swallow the next one of its id. */
export const jobOptions = { removeOnComplete: true, removeOnFail: true, attempts: 1 } as const;

type Package = typeof import("bullmq");

async function installed(): Promise<Package> {
  try {
    return await import("bullmq");
  } catch (error) {
    throw new NoWayToQueue(
      "QUEUE_URL is set, and the packages for it are not installed. Nothing was started. " +
        "Install them with `npm install bullmq@6 ioredis@6 pg@8`, or leave QUEUE_URL out for one process.",
      { cause: error },
    );
  }
}

/** PostgreSQL's locks end by the clocks of those who ask for them. */
const SKEW_MS_MAX = 1_000;

async function preparePostgres(
  { PostgresConnection }: Package,
  { url, schema }: { url: string; schema: string },
): Promise<void> {
  const connection = new PostgresConnection({ connectionString: url, schema, migrate: true });
  connection.on("error", () => {});
  try {
    await connection.waitUntilReady();
    const skewMs = await skewOf(connection.pool);
    if (skewMs <= SKEW_MS_MAX) return;
    throw new NoWayToQueue(
      `This machine's clock and PostgreSQL's are ${(skewMs / 1000).toFixed(1)} s apart. Runs could be taken from workers that are alive; ` +
        "nothing was started. Set both by NTP and start again, or use Redis.",
    );
  } catch (error) {
    if (error instanceof NoWayToQueue) throw error;
    const why = error instanceof Error ? error.message : String(error);
    throw new NoWayToQueue(
      `PostgreSQL at QUEUE_URL cannot be used: ${why}. Nothing was started. Check the address, and that its user may create a schema.`,
      { cause: error },
    );
  } finally {
    await connection.close();
  }
}

/** The statement's way there and back is no skew. */
async function skewOf(pool: InstanceType<Package["PostgresConnection"]>["pool"]): Promise<number> {
  const before = Date.now();
  const { rows } = await pool.query<{ ms: string }>(
    "select extract(epoch from clock_timestamp()) * 1000 as ms",
  );
  const after = Date.now();
  const there = Number(rows[0]?.ms);
  return Math.max(0, before - there, there - after);
}
