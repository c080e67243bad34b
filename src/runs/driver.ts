// Drives the runs of a desk: again when a word came, later when there was trouble, by itself when a question's time is over.

import { limits } from "../config/limits.ts";
import { Cancelled } from "../engine/errors.ts";
import { because } from "../world/audit-log.ts";
import type { Hold } from "../world/queue.ts";
import type { Oid } from "../repo/git-data.ts";
import type { Checkpoint } from "./checkpoint.ts";
import type { Watch } from "./lease.ts";
import type { Driven } from "./drive.ts";
import { driveAlone } from "./drive-alone.ts";
import { openChecksOf, watchChecks } from "./branch-checks.ts";
import type { House } from "./house.ts";
import { restsAsLeft } from "./at-rest.ts";
import { isAlive, type LiveRun } from "./live.ts";
import { causeOf } from "./notes.ts";
import { openOnes } from "./questions.ts";
import { leaveQueue, type Queued } from "./queued.ts";
import { anothersForMs, leave, listeningTo } from "./spread.ts";
import { checkpointOf, goOnFrom } from "./take-up.ts";
import { takeBackTrouble } from "./trouble.ts";
import { tryLater } from "./try-later.ts";
import { undoRun } from "./undo.ts";
import type { Unreadable } from "./unreadable.ts";
import { wake } from "./wake.ts";

/** Ended runs kept in memory for status and pages. */
const ENDED_KEPT = 200;

/** What the desk keeps in mind. */
export interface Desk {
  house: House;
  runs: Map<string, LiveRun>;
  cancelling: Map<string, AbortController>;
  /** How often in a row a run could not be driven. */
  failures: Map<string, number>;
  /** Runs whose threads this process told that they stand still. */
  complained: Set<string>;
  /** Runs that other processes drive. */
  watch: Watch;
  /** Those that this process drives. */
  driving: Set<string>;
  /** Those that were another process's when they were looked at last. */
  elsewhere: Set<string>;
  closing: AbortController;
  /** Runs that the queue of several processes handed to this one. */
  handed: Set<string>;
  /** Runs of `runs` that another process drives, as it was last seen. */
  views: Set<string>;
  /** Checkpoints that views were made of, by run. */
  seen: Map<string, Oid>;
  /** Checkpoints of runs that are over, by run. */
  over: Map<string, Oid>;
  /** Runs that were never driven and wait for a place: their comments say which. */
  queued: Map<string, Queued>;
  unreadable: Map<string, Unreadable>;
}

interface Given {
  hold: Hold;
  read?: Checkpoint | null;
}

/**
 * Drives one run of the desk until it ends, waits for people, or has to be tried later. Resolves to the milliseconds until it
 * is to be driven again by itself; null when that is for somebody else to say. `read` is the checkpoint where it was just read:
 * one that has moved since refuses the driver's first push.
 */
export async function drive(state: Desk, id: string, given: Given): Promise<number | null> {
  const { house, runs } = state;
  await leaveQueue(state, id);
  const run = runs.get(id);
  if (run === undefined || isHeld(house, run)) return null;
  return await because(causeOf(run.record()), () => driveHere(state, run, given));
}

async function driveHere(state: Desk, run: LiveRun, { hold, read }: Given): Promise<number | null> {
  const { house, runs, cancelling, failures, complained } = state;
  const { id } = run.record();
  const { signal } = hold;
  try {
    if (isTold(run)) return await undoRun(house, run, signal).then(() => null);
    const driven = await driveOn(state, run, { hold, read });
    if (typeof driven === "object") return driven.againMs;
    if (driven === "ended") await undoRun(house, run, signal);
    if (complained.delete(id)) await takeBackTrouble(house, run);
    failures.delete(id);
    if (driven === "waiting") wakeWhenChecked(state, run);
    house.world.log.info({ run: id, status: run.record().status, driven }, "stopped driving a run");
    return driven === "waiting" ? untilExpiryMs(state, run) : null;
  } catch (error) {
    // The run stays as it is on disk; an abort is the end of this process, and the next one takes it up.
    return signal.aborted ? null : await tryLater(state, run, error);
  } finally {
    cancelling.delete(id);
    forgetOldest(runs);
  }
}

/** An operator who switched the bot off finds every run where it stood; what people cancel or undo still ends. */
function isHeld({ rules, world }: House, run: LiveRun): boolean {
  const { id, cancel, undo } = run.record();
  if (!rules.operator.disableWorkflows || cancel !== null || undo !== null) return false;
  world.log.warn(
    { run: id },
    "The bot is switched off by its operator: a run is left where it stands.",
  );
  return true;
}

/** Its end stands in the thread: whatever is still asked of it has nothing to do with driving. */
const isTold = (run: LiveRun): boolean => !isAlive(run) && run.record().endTold;

/** Another process ended it meanwhile: there is nothing to take, unless words of ours have to be taken back. */
const isOver = ({ complained }: Desk, run: LiveRun): boolean =>
  isTold(run) && !complained.has(run.record().id);

/** Nothing is to be done, unless words of ours have to be taken back. */
async function isLeftAtRest(
  { house, complained }: Desk,
  run: LiveRun,
  checkpoint: Checkpoint,
): Promise<boolean> {
  if (complained.has(run.record().id)) return false;
  const { owner } = await house.holder();
  return restsAsLeft(run, checkpoint, { owner, now: house.world.clock.now() });
}

/** Drives again when a word came while the run was being let go of: nobody else would wake it. */
async function driveOn(
  state: Desk,
  run: LiveRun,
  { hold, read }: { hold: Hold; read: Checkpoint | null | undefined },
): Promise<Driven | { againMs: number }> {
  const { house } = state;
  const { signal, isExclusive } = hold;
  let known = read;
  const { id, repository: ref } = run.record();
  for (;;) {
    const checkpoint = known === undefined ? await checkpointOf(house, { ref, id }) : known;
    known = undefined;
    const waitMs = await anothersForMs(state, { id, checkpoint, isExclusive });
    if (checkpoint !== null && waitMs > 0) {
      await leave(state, { run, there: checkpoint.record }, signal);
      return lookLater(state, id, waitMs);
    }
    state.elsewhere.delete(id);
    await goOnFrom(house, { ref, id }, { inHand: run, remote: checkpoint });
    if (isOver(state, run)) return "ended";
    if (checkpoint !== null && (await isLeftAtRest(state, run, checkpoint))) return "waiting";
    const words = wordsOn(run);
    const either = AbortSignal.any([signal, cancelOf(state, run).signal]);
    const driven = await listeningTo(
      state,
      { run, signal, onHeard: () => onHeard(state, run) },
      () =>
        house.world.telemetry.during({ name: "run", run: id, facts: {} }, (learn) =>
          driveAlone(
            house,
            { run, checkpoint },
            { signal: either, stopping: signal, hold },
          ).finally(() => learn({ status: run.record().status })),
        ),
    );
    if (driven === "held") return await leaveHeld(state, run, hold);
    if (driven !== "waiting" || wordsOn(run) === words) return driven;
  }
}

/** Another process has it, as a push of ours was told. */
async function leaveHeld(
  state: Desk,
  run: LiveRun,
  { signal, isExclusive }: Hold,
): Promise<{ againMs: number }> {
  const { house } = state;
  const { id, repository: ref } = run.record();
  // Whom the queue gave it to looks again at once: a last push of the one before was ahead.
  if (isExclusive) return lookLater(state, id, limits.fleet.hearMs);
  state.elsewhere.add(id);
  const there = (await checkpointOf(house, { ref, id }))?.record ?? null;
  await leave(state, { run, there }, signal);
  return lookLater(state, id, house.settings.leaseMs);
}

/** Somebody may have stopped it, or decided what it waits for. */
async function onHeard(state: Desk, run: LiveRun): Promise<void> {
  cancelOf(state, run);
  await wake(state.house, run, { urgency: "word" });
}

function lookLater({ house }: Desk, id: string, againMs: number): { againMs: number } {
  const { log } = house.world;
  log.info({ run: id, waitMs: againMs }, "another process drives a run; it is looked at again");
  return { againMs };
}

/** Everything that people can say while a run rests, as one text: another one means that somebody spoke. */
function wordsOn(run: LiveRun): string {
  const { questions, pause, land, limits } = run.record();
  const decided = questions.filter(({ decision }) => decision !== null).length;
  return JSON.stringify([decided, pause?.by == null ? null : pause.at, land?.at, limits.budgetUsd]);
}

/**
 * A question whose time runs out wakes its run, and so does a cap that nobody raised; null when nothing runs out. A paused run
 * hears of its questions when it goes on.
 */
function untilExpiryMs({ house }: Desk, run: LiveRun): number | null {
  const { pause } = run.record();
  const first =
    pause === null
      ? Math.min(...openOnes(run).map(({ expiresAt }) => expiresAt))
      : (pause.until ?? Infinity);
  return Number.isFinite(first) ? Math.max(0, first - house.world.clock.now()) : null;
}

/** The repository's checks are looked at while the run rests: it is driven again when one of them is over. */
function wakeWhenChecked({ house, closing }: Desk, run: LiveRun): void {
  const { pause, repository, id } = run.record();
  if (pause !== null || openChecksOf(run.record()).length === 0) return;
  const { openForge, clock, log } = house.world;
  const { signal } = closing;
  openForge(repository)
    .then((forge) => watchChecks({ forge, clock }, run, { signal }))
    .then(
      () => wake(house, run),
      (error: unknown) => {
        if (signal.aborted) return;
        log.error({ run: id, error }, "the checks of a branch could not be looked at");
        return wake(house, run);
      },
    );
}

/** Aborted once somebody asked to stop the run, be it before this process began. */
export function cancelOf({ cancelling }: Desk, run: LiveRun): AbortController {
  const { id, cancel } = run.record();
  const known = cancelling.get(id) ?? new AbortController();
  cancelling.set(id, known);
  if (cancel !== null) known.abort(new Cancelled(`Cancelled by ${cancel.by.login}.`));
  return known;
}

function forgetOldest(runs: Map<string, LiveRun>): void {
  const ended = [...runs].filter(([, run]) => !isAlive(run));
  for (const [id] of ended.slice(0, Math.max(0, ended.length - ENDED_KEPT))) runs.delete(id);
}
