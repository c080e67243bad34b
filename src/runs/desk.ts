// The desk of runs: takes requests on, hands runs to their drivers, answers what is running, stops and starts with the process.

import {
  type Deciding,
  type Person,
  type RunDeskProcess,
  RunRefused,
  type RunRequest,
  type RunSummary,
  type ThreadRef,
  type Trace,
  type Word,
} from "../command/run-desk.ts";
import { renderClosed } from "../settings/render.ts";
import { beginRun } from "./begin.ts";
import { grant } from "./control.ts";
import { cancelOf, type Desk, drive } from "./driver.ts";
import type { House } from "./house.ts";
import { openWatch } from "./lease.ts";
import { lookAround } from "./look-around.ts";
import { isAlive, type LiveRun, loadRun } from "./live.ts";
import { runIdOf, scheduledRunOf } from "./names.ts";
import { createOpener, finderOf } from "./opener.ts";
import { decideIn, replacePlans } from "./words.ts";
import { wake } from "./wake.ts";
import { workflowNames } from "./workflow-names.ts";
import { show, why } from "./look-up.ts";
import { retryRun } from "./retry.ts";
import { outcomes, type RunOutcomes } from "./outcomes.ts";
import { saveScript } from "./save.ts";
import { spread } from "./spread.ts";
import { runFolder } from "./store.ts";
import { summaryOf, traceOf } from "./summary.ts";
import { tidyUp } from "./tidy.ts";
import { settingsOfRun } from "../settings/kept.ts";

/** The desk, with what the run pages read. */
export interface RunDeskHandle extends RunDeskProcess, RunOutcomes {
  /** Runs this process has in hand or has ended, oldest first. */
  runs(): readonly LiveRun[];
}

export function createRunDesk(house: House): RunDeskHandle {
  const state = emptyDesk(house);
  const { runs } = state;
  const { queue } = house.world;
  /** Resolves when the runs on this disk are known: before that, nobody can say what runs. */
  let diskRead = Promise.resolve();
  const open = createOpener(state);
  return {
    runs: () => [...runs.values()],
    open: async () => {
      queue.start((asked, hold) => drive(state, asked.run, hold));
      const looking = lookAround(house, finderOf(state, open), state.closing.signal);
      diskRead = looking.diskRead;
      await looking.done;
    },
    start: async (request) => {
      const id = idOf(request);
      await diskRead;
      if (runs.has(id)) return;
      await open(
        id,
        async () => (await loadRun(runFolder(house.world.disk, id))) ?? begin(house, id, request),
      );
      await replaceOthers(state, id, request);
    },
    retry: async (request) => {
      const id = runIdOf(request.repository.repositoryId, request.key);
      await diskRead;
      const others = (): LiveRun[] => [...runs.values()];
      await open(
        id,
        async () =>
          (await loadRun(runFolder(house.world.disk, id))) ??
          (await retryRun(house, id, { request, runs: others() })),
      );
    },
    ...answers(state, () => diskRead),
    ...outcomes(state, () => diskRead),
    tidy: async (signal) => {
      await diskRead;
      await tidyUp(house, [...runs.values()], signal);
      const needed = [...runs.values()].filter((run) => isAlive(run));
      const ids = new Set(needed.map((run) => run.record().repository.repositoryId));
      await house.pruneMirrors((repositoryId) => ids.has(repositoryId));
    },
    close: async (deadlineMs) => {
      state.closing.abort(new Error("The desk was closed."));
      await queue.close(deadlineMs);
      await house.close();
    },
  };
}

function idOf({ repository: { repositoryId }, key, occasion }: RunRequest): string {
  if (occasion === undefined) return runIdOf(repositoryId, key);
  return scheduledRunOf(repositoryId, occasion);
}

type Answers = Pick<
  RunDeskProcess,
  | "workflows"
  | "decide"
  | "grant"
  | "cancelAll"
  | "status"
  | "show"
  | "save"
  | "why"
  | "list"
  | "traces"
>;

/** What people say to runs and ask about them, once the runs on this disk are known. */
function answers(state: Desk, diskRead: () => Promise<void>): Answers {
  const all = (): LiveRun[] => [...state.runs.values()];
  const now = (): number => state.house.world.clock.now();
  return {
    workflows: (where) => workflowNames(state.house, where),
    decide: async (thread, by, word) => {
      await diskRead();
      return await decideAndWake(state, inThread(all(), thread), { by, word });
    },
    grant: async (thread, by, wish) => {
      await diskRead();
      return await grant(state, { thread, by }, wish);
    },
    cancelAll: async ({ repositoryId }, by) => {
      await diskRead();
      return await cancelIn(state, aliveIn(all(), repositoryId), by);
    },
    status: async (thread) => {
      await diskRead();
      return statusIn(all(), thread, now());
    },
    show: async (thread, what) => {
      await diskRead();
      return await show(state, thread, what);
    },
    save: async (thread, asked) => {
      await diskRead();
      return await saveScript(state, thread, asked);
    },
    why: async (thread, about) => {
      await diskRead();
      return why(state, thread, about);
    },
    list: async ({ repositoryId }) => {
      await diskRead();
      return listIn(all(), repositoryId, now());
    },
    traces: async ({ repositoryId }) => {
      await diskRead();
      return tracesIn(all(), repositoryId);
    },
  };
}

const emptyDesk = (house: House): Desk => ({
  house,
  runs: new Map(),
  cancelling: new Map(),
  failures: new Map(),
  watch: openWatch(house.world.clock),
  driving: new Set(),
  elsewhere: new Set(),
  closing: new AbortController(),
});

/** Nothing begins in a repository that is closed, whoever asks. */
async function begin(house: House, id: string, request: RunRequest): Promise<LiveRun> {
  const now = await house.rules.of(request.repository);
  if (now.closed !== null) throw new RunRefused(renderClosed(now, request.repository));
  return await beginRun(house, id, { request, settings: settingsOfRun(now.effective.settings) });
}

function inThread(runs: readonly LiveRun[], { repository, thread }: ThreadRef): LiveRun[] {
  return runs.filter((run) => {
    const record = run.record();
    return record.repository.repositoryId === repository.repositoryId && record.thread === thread;
  });
}

function tracesIn(runs: readonly LiveRun[], repositoryId: number): Trace[] {
  return runs
    .filter((run) => run.record().repository.repositoryId === repositoryId)
    .toSorted((one, other) => other.record().createdAt - one.record().createdAt)
    .map(traceOf);
}

function listIn(runs: readonly LiveRun[], repositoryId: number, now: number): RunSummary[] {
  return runs
    .filter((run) => run.record().repository.repositoryId === repositoryId)
    .map((run) => summaryOf(run, now))
    .toSorted((one, other) => other.createdAt - one.createdAt);
}

function statusIn(runs: readonly LiveRun[], thread: ThreadRef, now: number): RunSummary[] {
  const here = inThread(runs, thread);
  const alive = here.filter(isAlive);
  const ended = here.filter((run) => !isAlive(run)).slice(-1);
  return [...alive, ...ended].map((run) => summaryOf(run, now));
}

async function decideAndWake(
  state: Desk,
  runs: readonly LiveRun[],
  { by, word }: { by: Person; word: Word },
): Promise<Deciding> {
  const deciding = await decideIn(runs, by, word);
  const run = deciding.kind === "decided" ? state.runs.get(deciding.run) : undefined;
  if (run !== undefined) await spread(state, run);
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
  const replaced = new Set(await replacePlans(others, request.requester));
  for (const run of others.filter((each) => replaced.has(each.record().id))) {
    await wake(house, run, { urgency: "word" });
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
async function cancelRun(state: Desk, run: LiveRun, by: Person): Promise<void> {
  await run.update({ cancel: { by, at: state.house.world.clock.now() } });
  cancelOf(state, run);
  // For a run that nobody drives just now: it has to be driven to its end.
  await spread(state, run);
}
