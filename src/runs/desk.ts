// The desk of runs: takes requests on, hands runs to their drivers, answers what is running, stops and starts with the process.

import {
  type Person,
  type RunDeskProcess,
  RunRefused,
  type RunRequest,
} from "../command/run-desk.ts";
import { limits } from "../config/limits.ts";
import type { Oid } from "../repo/git-data.ts";
import { renderClosed } from "../settings/render.ts";
import { beginRun } from "./begin.ts";
import { grant } from "./control.ts";
import { decideAndWake, replaceOthers } from "./decisions.ts";
import { cancelOf, type Desk, drive } from "./driver.ts";
import { every } from "./every.ts";
import { emptyDesk } from "./empty-desk.ts";
import { driveShared } from "./fleet/drive.ts";
import { keepReconciled, reconcileEachMinute } from "./fleet/reconcile.ts";
import { refresh } from "./fleet/views.ts";
import type { House } from "./house.ts";
import { lookAround } from "./look-around.ts";
import { isAlive, type LiveRun, loadRun } from "./live.ts";
import { runIdOf, scheduledRunOf } from "./names.ts";
import { aliveIn, entriesNow, inThread, listIn, statusIn, tracesIn } from "./listing.ts";
import { createOpener, finderOf, type OpenRun } from "./opener.ts";
import { workflowNames } from "./workflow-names.ts";
import { show, why } from "./look-up.ts";
import { wakeMoved } from "./resting.ts";
import { retryRun } from "./retry.ts";
import { outcomes, type RunOutcomes } from "./outcomes.ts";
import { saveScript } from "./save.ts";
import { spread } from "./spread.ts";
import { runFolder } from "./store.ts";
import { tidyUp } from "./tidy.ts";
import { unreadableIn } from "./unreadable.ts";
import { hasBegun } from "./voice.ts";
import { settingsOfRun } from "../settings/kept.ts";
import type { RepositoryRef } from "../world/forge.ts";
import { type Finder, takeUpKnown } from "./left-behind.ts";
import type { Fleet } from "../world/fleet.ts";

/** The desk, with what the run pages read. */
export interface RunDeskHandle extends RunDeskProcess, RunOutcomes {
  /** Runs this process has in hand or has ended, oldest first. */
  runs(): readonly LiveRun[];
  /** Those of them that are this process's to move: none that another one drives, rests on, or took over. */
  inHand(): readonly LiveRun[];
}

export function createRunDesk(house: House): RunDeskHandle {
  const state = emptyDesk(house);
  const { runs } = state;
  const { queue, fleet } = house.world;
  /** Resolves when the runs on this disk are known: before that, nobody can say what runs. */
  let diskRead = Promise.resolve();
  let seen: Ready = async () => {};
  const open = createOpener(state);
  const ready: Ready = async (ref) => {
    await diskRead;
    if (fleet === null) await seen(ref);
    else await refresh(state, fleet, ref);
  };
  return {
    runs: () => [...runs.values()],
    inHand: () =>
      [...runs].filter(([id]) => fleet === null || state.handed.has(id)).map(([, run]) => run),
    open: async () => {
      const finder = finderOf(state, open);
      if (fleet !== null) {
        diskRead = openShared(state, fleet, finder);
        return await diskRead;
      }
      queue.start((asked, hold) => drive(state, asked.run, { hold }));
      const looking = lookAround(house, finder, state.closing.signal);
      diskRead = looking.diskRead;
      seen = (ref) => looking.seen(ref);
      await looking.done;
      void lookAfterResting(state);
    },
    ...requests(state, open, ready),
    ...answers(state, ready),
    ...outcomes(state, ready),
    keep: async (signal) => {
      if (fleet !== null) await keepReconciled(state, fleet, signal);
    },
    pause: () => queue.pause(),
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

/** Until the desk closes. What another machine went on with is looked at as often as what did not arrive. */
function lookAfterResting(state: Desk): Promise<void> {
  const { clock } = state.house.world;
  const seen = new Map<string, Oid>();
  const until = { clock, signal: state.closing.signal };
  return every(until, limits.web.sweepMs, () => wakeMoved(state, seen));
}

type Ready = (ref: RepositoryRef) => Promise<void>;

/** What people ask for: each run once, however often and wherever it is asked for. */
function requests(
  state: Desk,
  open: OpenRun,
  ready: Ready,
): Pick<RunDeskProcess, "start" | "retry" | "hasBegun"> {
  const { house, runs } = state;
  const { disk } = house.world;
  return {
    start: async (request) => {
      const id = idOf(request);
      await ready(request.repository);
      if (runs.has(id)) return "known";
      await open(id, async () => (await loadRun(runFolder(disk, id))) ?? begin(house, id, request));
      if (!request.waitsForApproval) return "new";
      const others = inThread([...runs.values()], request).filter((run) => run !== runs.get(id));
      await replaceOthers(state, others, request.requester);
      return "new";
    },
    hasBegun: (thread, key) => hasBegun(house.world, thread, key),
    retry: async (request) => {
      const id = runIdOf(request.repository.repositoryId, request.key);
      await ready(request.repository);
      if (runs.has(id)) return "known";
      const others = (): LiveRun[] => [...runs.values()];
      await open(
        id,
        async () =>
          (await loadRun(runFolder(disk, id))) ??
          (await retryRun(house, id, { request, runs: others() })),
      );
      return "new";
    },
  };
}

/** What other machines left is looked for by one process of all: see `keep`. */
async function openShared(state: Desk, fleet: Fleet, finder: Finder): Promise<void> {
  state.house.world.queue.start((wake, hold) => driveShared(state, fleet, { wake, hold }));
  await takeUpKnown(state.house, finder);
  void reconcileEachMinute(state, fleet);
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
  | "unreadable"
  | "traces"
>;

/** What people say to runs and ask about them, once the runs on this disk are known. */
function answers(state: Desk, ready: Ready): Answers {
  const all = (): LiveRun[] => [...state.runs.values()];
  const now = (): number => state.house.world.clock.now();
  return {
    workflows: (where) => workflowNames(state.house, where),
    decide: async (thread, by, word) => {
      await ready(thread.repository);
      return await decideAndWake(state, inThread(all(), thread), { by, word });
    },
    grant: async (thread, by, wish) => {
      await ready(thread.repository);
      return await grant(state, { thread, by }, wish);
    },
    cancelAll: async (ref, by) => {
      await ready(ref);
      return await cancelIn(state, aliveIn(all(), ref.repositoryId), by);
    },
    status: async (thread) => {
      await ready(thread.repository);
      return statusIn(all(), { thread, now: now(), entries: await entriesNow(state) });
    },
    show: async (thread, what) => {
      await ready(thread.repository);
      return await show(state, thread, what);
    },
    save: async (thread, asked) => {
      await ready(thread.repository);
      return await saveScript(state, thread, asked);
    },
    why: async (thread, about) => {
      await ready(thread.repository);
      return why(state, thread, about);
    },
    list: async (ref) => {
      await ready(ref);
      return listIn(all(), { ref, now: now(), entries: await entriesNow(state) });
    },
    unreadable: async (thread) => {
      await ready(thread.repository);
      return unreadableIn(state, thread);
    },
    traces: async (ref) => {
      await ready(ref);
      return tracesIn(all(), ref.repositoryId);
    },
  };
}

/** Nothing begins in a repository that is closed, whoever asks. */
async function begin(house: House, id: string, request: RunRequest): Promise<LiveRun> {
  const now = await house.rules.toBegin(request.repository);
  if (now.closed !== null) throw new RunRefused(renderClosed(now, request.repository));
  return await beginRun(house, id, { request, settings: settingsOfRun(now.effective.settings) });
}

async function cancelIn(state: Desk, runs: readonly LiveRun[], by: Person): Promise<string[]> {
  for (const run of runs) await cancelRun(state, run, by);
  return runs.map((run) => run.record().id);
}

/** On disk before it is answered: a crash right after the answer forgets nothing. */
async function cancelRun(state: Desk, run: LiveRun, by: Person): Promise<void> {
  const cancel = { by, at: state.house.world.clock.now() };
  await run.update({ cancel });
  cancelOf(state, run);
  // For a run that nobody drives just now: it has to be driven to its end.
  await spread(state, run, { cancel });
}
