// Runs as people list them: of a repository, of a thread, with their places in the queue.

import type { RunSummary, ThreadRef, Trace } from "../command/run-desk.ts";
import type { RepositoryRef } from "../world/forge.ts";
import type { QueueEntry } from "../world/queue.ts";
import type { Desk } from "./driver.ts";
import { isAlive, type LiveRun } from "./live.ts";
import { placeOf } from "./places.ts";
import { summaryOf, traceOf } from "./summary.ts";

export function inThread(runs: readonly LiveRun[], { repository, thread }: ThreadRef): LiveRun[] {
  return runs.filter((run) => {
    const record = run.record();
    return record.repository.repositoryId === repository.repositoryId && record.thread === thread;
  });
}

export function aliveIn(runs: readonly LiveRun[], repositoryId: number): LiveRun[] {
  return runs.filter(
    (run) => isAlive(run) && run.record().repository.repositoryId === repositoryId,
  );
}

/** What the queue holds; nothing when it cannot be asked: an answer without a place in it is an answer. */
export async function entriesNow({ house: { world } }: Desk): Promise<readonly QueueEntry[]> {
  try {
    return await world.queue.entries();
  } catch (err) {
    world.log.warn({ err }, "could not ask the queue which runs wait");
    return [];
  }
}

interface Moment {
  now: number;
  entries: readonly QueueEntry[];
}

const summaryAt =
  ({ now, entries }: Moment) =>
  (run: LiveRun): RunSummary =>
    summaryOf(run, now, placeOf(entries, run.record().id));

export function listIn(
  runs: readonly LiveRun[],
  { ref, ...moment }: Moment & { ref: RepositoryRef },
): RunSummary[] {
  return runs
    .filter((run) => run.record().repository.repositoryId === ref.repositoryId)
    .map(summaryAt(moment))
    .toSorted((one, other) => other.createdAt - one.createdAt);
}

export function statusIn(
  runs: readonly LiveRun[],
  { thread, ...moment }: Moment & { thread: ThreadRef },
): RunSummary[] {
  const here = inThread(runs, thread);
  const alive = here.filter(isAlive);
  const ended = here.filter((run) => !isAlive(run)).slice(-1);
  return [...alive, ...ended].map(summaryAt(moment));
}

export function tracesIn(runs: readonly LiveRun[], repositoryId: number): Trace[] {
  return runs
    .filter((run) => run.record().repository.repositoryId === repositoryId)
    .toSorted((one, other) => other.record().createdAt - one.record().createdAt)
    .map(traceOf);
}
