// The desk of runs: takes requests on, hands runs to their drivers, answers what is running, stops and starts with the process.

import {
  type Cancelling,
  type Person,
  type RunDeskProcess,
  RunRefused,
  type RunRequest,
  type RunSummary,
  type ThreadRef,
} from "../command/run-desk.ts";
import { limits } from "../config/limits.ts";
import { Cancelled } from "../engine/errors.ts";
import type { RepositoryRef } from "../world/forge.ts";
import { driveRun } from "./drive.ts";
import type { House } from "./house.ts";
import { isAlive, type LiveRun, liveRun, loadRun } from "./live.ts";
import { RUN_REFS, runIdOf } from "./names.ts";
import { isEnded, type RunRecord } from "./record.ts";
import { knownRuns, runFolder } from "./store.ts";
import { summaryOf } from "./summary.ts";
import { takeUp } from "./take-up.ts";

/** The desk, with what the run pages read. */
export interface RunDeskHandle extends RunDeskProcess {
  /** Runs this process has in hand or has ended, oldest first. */
  runs(): readonly LiveRun[];
}

/** Ended runs kept in memory for status and pages. */
const ENDED_KEPT = 200;

export function createRunDesk(house: House): RunDeskHandle {
  const runs = new Map<string, LiveRun>();
  const cancels = openCancels();
  const { queue, log } = house.world;
  /** Resolves when the runs on this disk are known: before that, nobody can say what runs. */
  let diskRead = Promise.resolve();

  const drive = async (id: string, signal: AbortSignal): Promise<void> => {
    const known = runs.get(id);
    if (known === undefined) return;
    const either = AbortSignal.any([signal, cancels.of(id).signal]);
    try {
      const run = (await takeUp(house, known.record().repository, id)) ?? known;
      runs.set(id, run);
      const driven = await driveRun(house, run, either);
      log.info({ run: id, status: run.record().status, driven }, "stopped driving a run");
    } catch (error) {
      // The run stays as it is on disk; the next start of the process takes it up again.
      if (!signal.aborted) log.error({ run: id, error }, "driving a run failed");
    } finally {
      cancels.forget(id);
      forgetOldest(runs);
    }
  };

  const takeOn = (run: LiveRun): void => {
    const { id } = run.record();
    runs.set(id, run);
    if (isAlive(run)) queue.add(id);
  };

  return {
    runs: () => [...runs.values()],
    open: async () => {
      queue.start(drive);
      diskRead = takeUpKnown(house, runs);
      await diskRead;
      for (const id of untold([...runs.values()])) queue.add(id);
      // Asking every repository takes long; what is on this disk does not wait for it.
      await takeUpForeign(house, { isKnown: (id) => runs.has(id), add: takeOn });
    },
    start: async (request) => {
      const id = runIdOf(request.repository.repositoryId, request.commentId);
      await diskRead;
      if (runs.has(id)) return;
      const known = await loadRun(runFolder(house.settings.dataDir, id));
      takeOn(known ?? (await beginRun(house, id, request)));
    },
    cancel: async (thread, by) => {
      await diskRead;
      return cancelIn([...runs.values()], { thread, by, cancelOf: cancels.of });
    },
    status: async (thread) => {
      await diskRead;
      return statusIn([...runs.values()], thread, house.world.clock.now());
    },
    close: async (deadlineMs) => {
      await queue.close(deadlineMs);
      await house.close();
    },
  };
}

/** One controller for each run that is driven. */
function openCancels() {
  const open = new Map<string, AbortController>();
  return {
    of: (id: string): AbortController => {
      const known = open.get(id) ?? new AbortController();
      open.set(id, known);
      return known;
    },
    forget: (id: string): void => void open.delete(id),
  };
}

/** Ids of the runs that go on, or whose end the thread does not know. */
function untold(runs: readonly LiveRun[]): string[] {
  const records = runs.filter((run) => isAlive(run) || !run.record().endTold);
  return records.map((run) => run.record().id);
}

async function beginRun(house: House, id: string, request: RunRequest): Promise<LiveRun> {
  if (request.task.trim() === "") {
    throw new RunRefused(
      "There is no task. Write it after the command: `/workflow fix the flaky test in src/net`.",
    );
  }
  const record: RunRecord = {
    v: 1,
    id,
    repository: request.repository,
    thread: request.thread,
    isPullRequest: request.isPullRequest,
    commentId: request.commentId,
    requester: request.requester,
    task: request.task,
    limits: {
      agents: Math.min(request.flags.maxAgents ?? limits.run.agents, limits.run.agents),
      budgetUsd: request.flags.budgetUsd ?? limits.run.budgetUsd,
    },
    baseBranch: request.flags.base,
    status: "planning",
    statusDetail: null,
    createdAt: house.world.clock.now(),
    endedAt: null,
    endTold: false,
    base: null,
    script: null,
    finalPull: null,
  };
  const folder = runFolder(house.settings.dataDir, id);
  await folder.writeRecord(record);
  const run = liveRun(folder, { record, script: null, entries: [] });
  for (const message of request.notes) run.see({ kind: "logged", message });
  return run;
}

async function takeUpKnown(house: House, runs: Map<string, LiveRun>): Promise<void> {
  for (const id of await knownRuns(house.settings.dataDir)) {
    try {
      const run = await loadRun(runFolder(house.settings.dataDir, id));
      if (run !== null) runs.set(id, run);
    } catch (error) {
      house.world.log.error(
        { run: id, error },
        "a run on this disk cannot be read and is left alone",
      );
    }
  }
}

/** Runs that another machine began and did not end: their checkpoints say so. */
async function takeUpForeign(house: House, desk: Foreign): Promise<void> {
  for await (const ref of house.world.repositories()) {
    try {
      await takeUpIn(house, ref, desk);
    } catch (error) {
      const repository = `${ref.owner}/${ref.name}`;
      house.world.log.warn(
        { repository, error },
        "could not look for unfinished runs in a repository",
      );
    }
  }
}

interface Foreign {
  isKnown(id: string): boolean;
  add(run: LiveRun): void;
}

async function takeUpIn(house: House, ref: RepositoryRef, desk: Foreign): Promise<void> {
  const remote = await house.world.openRemote(ref);
  const refs = await remote.list(RUN_REFS);
  for (const name of refs.keys()) {
    const id = name.slice(RUN_REFS.length).split("/")[0] ?? "";
    if (!name.endsWith("/state") || desk.isKnown(id)) continue;
    const run = await takeUp(house, ref, id);
    if (run !== null && !isEnded(run.record().status)) desk.add(run);
  }
}

function inThread(runs: readonly LiveRun[], { repository, thread }: ThreadRef): LiveRun[] {
  return runs.filter((run) => {
    const record = run.record();
    return record.repository.repositoryId === repository.repositoryId && record.thread === thread;
  });
}

function statusIn(runs: readonly LiveRun[], thread: ThreadRef, now: number): RunSummary[] {
  const here = inThread(runs, thread);
  const alive = here.filter(isAlive);
  const ended = here.filter((run) => !isAlive(run)).slice(-1);
  return [...alive, ...ended].map((run) => summaryOf(run, now));
}

function cancelIn(
  runs: readonly LiveRun[],
  {
    thread,
    by,
    cancelOf,
  }: { thread: ThreadRef; by: Person; cancelOf: (id: string) => AbortController },
): Cancelling {
  const alive = inThread(runs, thread).filter(isAlive);
  const [only, ...more] = alive;
  if (only === undefined) return { kind: "nothing-runs" };
  if (more.length > 0)
    return { kind: "ambiguous", runs: alive.map((run): RunSummary => summaryOf(run, 0)) };
  const { id } = only.record();
  cancelOf(id).abort(new Cancelled(`Cancelled by ${by.login}.`));
  return { kind: "cancelling", run: id };
}

function forgetOldest(runs: Map<string, LiveRun>): void {
  const ended = [...runs].filter(([, run]) => !isAlive(run));
  for (const [id] of ended.slice(0, Math.max(0, ended.length - ENDED_KEPT))) runs.delete(id);
}
