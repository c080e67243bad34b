// The desk of runs: takes requests on, hands runs to their drivers, answers what is running, stops and starts with the process.

import {
  type Cancelling,
  type Deciding,
  type Person,
  type RunDeskProcess,
  RunRefused,
  type RunRequest,
  type RunSummary,
  type ThreadRef,
  type Word,
} from "../command/run-desk.ts";
import { renderClosed } from "../settings/render.ts";
import { beginRun } from "./begin.ts";
import { cancelOf, type Desk, drive } from "./driver.ts";
import type { House } from "./house.ts";
import { takeUpForeign, takeUpKnown } from "./left-behind.ts";
import { isAlive, type LiveRun, loadRun } from "./live.ts";
import { runIdOf } from "./names.ts";
import { decideIn, replacePlans } from "./words.ts";
import { runFolder } from "./store.ts";
import { summaryOf } from "./summary.ts";
import { tidyUp } from "./tidy.ts";

/** The desk, with what the run pages read. */
export interface RunDeskHandle extends RunDeskProcess {
  /** Runs this process has in hand or has ended, oldest first. */
  runs(): readonly LiveRun[];
}

export function createRunDesk(house: House): RunDeskHandle {
  const state = emptyDesk(house);
  const { runs } = state;
  const { queue } = house.world;
  /** Resolves when the runs on this disk are known: before that, nobody can say what runs. */
  let diskRead = Promise.resolve();
  const takeOn = (run: LiveRun): void => {
    const { id } = run.record();
    runs.set(id, run);
    if (isAlive(run)) queue.add(id);
  };
  return {
    runs: () => [...runs.values()],
    open: async () => {
      queue.start((id, signal) => drive(state, id, signal));
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
      takeOn(known ?? (await begin(house, id, request)));
      await replaceOthers(state, id, request);
    },
    decide: async (thread, by, word) => {
      await diskRead;
      return await decideAndWake(state, inThread([...runs.values()], thread), { by, word });
    },
    cancel: async (thread, by) => {
      await diskRead;
      return await cancelOne(state, thread, by);
    },
    cancelAll: async ({ repositoryId }, by) => {
      await diskRead;
      return await cancelIn(state, aliveIn([...runs.values()], repositoryId), by);
    },
    status: async (thread) => {
      await diskRead;
      return statusIn([...runs.values()], thread, house.world.clock.now());
    },
    tidy: async (signal) => {
      await diskRead;
      await tidyUp(house, [...runs.values()], signal);
    },
    close: async (deadlineMs) => {
      state.closing.abort(new Error("The desk was closed."));
      await queue.close(deadlineMs);
      await house.close();
    },
  };
}

const emptyDesk = (house: House): Desk => ({
  house,
  runs: new Map(),
  cancelling: new Map(),
  failures: new Map(),
  closing: new AbortController(),
});

/** Ids of the runs that go on, or whose end the thread does not know. */
function untold(runs: readonly LiveRun[]): string[] {
  const records = runs.filter((run) => isAlive(run) || !run.record().endTold);
  return records.map((run) => run.record().id);
}

/** Nothing begins in a repository that is closed, whoever asks. */
async function begin(house: House, id: string, request: RunRequest): Promise<LiveRun> {
  const now = await house.rules.of(request.repository);
  if (now.closed !== null) throw new RunRefused(renderClosed(now, request.repository));
  return await beginRun(house, id, { request, settings: now.effective.settings });
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

async function decideAndWake(
  { house }: Desk,
  runs: readonly LiveRun[],
  { by, word }: { by: Person; word: Word },
): Promise<Deciding> {
  const deciding = await decideIn(runs, by, word);
  if (deciding.kind === "decided") house.world.queue.add(deciding.run);
  return deciding;
}

/** A new plan that was asked for takes the place of those that wait in its thread. */
async function replaceOthers(
  { runs, house }: Desk,
  id: string,
  request: RunRequest,
): Promise<void> {
  if (!request.waitsForApproval) return;
  const others = inThread([...runs.values()], request).filter((run) => run !== runs.get(id));
  for (const replaced of await replacePlans(others, request.requester)) {
    house.world.queue.add(replaced);
  }
}

function aliveIn(runs: readonly LiveRun[], repositoryId: number): LiveRun[] {
  return runs.filter(
    (run) => isAlive(run) && run.record().repository.repositoryId === repositoryId,
  );
}

async function cancelIn(state: Desk, runs: readonly LiveRun[], by: Person): Promise<string[]> {
  for (const run of runs) await cancelRun(state, run, by);
  return runs.map((run) => run.record().id);
}

/** On disk before it is answered: a crash right after the answer forgets nothing. */
async function cancelOne(state: Desk, thread: ThreadRef, by: Person): Promise<Cancelling> {
  const alive = inThread([...state.runs.values()], thread).filter(isAlive);
  const [only, ...more] = alive;
  if (only === undefined) return { kind: "nothing-runs" };
  const { clock } = state.house.world;
  if (more.length > 0)
    return { kind: "ambiguous", runs: alive.map((run) => summaryOf(run, clock.now())) };
  await cancelRun(state, only, by);
  return { kind: "cancelling", run: only.record().id };
}

async function cancelRun(state: Desk, run: LiveRun, by: Person): Promise<void> {
  const { clock, queue } = state.house.world;
  await run.update({ cancel: { by, at: clock.now() } });
  cancelOf(state, run);
  // For a run that nobody drives just now: it has to be driven to its end.
  queue.add(run.record().id);
}
