// Drives the runs of a desk: again when a word came, later when there was trouble, at once when a question's time is over.

import { Cancelled } from "../engine/errors.ts";
import type { Checkpoint } from "./checkpoint.ts";
import type { Watch } from "./lease.ts";
import type { Driven } from "./drive.ts";
import { driveAlone } from "./drive-alone.ts";
import { openChecksOf, watchChecks } from "./branch-checks.ts";
import type { House } from "./house.ts";
import { isAlive, type LiveRun } from "./live.ts";
import { openOnes, sleepUntil } from "./questions.ts";
import { checkpointOf, goOnFrom } from "./take-up.ts";
import { retryAfterMs, takeBackTrouble, tellTrouble } from "./trouble.ts";
import { undoRun } from "./undo.ts";

/** Ended runs kept in memory for status and pages. */
const ENDED_KEPT = 200;

/** What the desk keeps in mind. */
export interface Desk {
  house: House;
  runs: Map<string, LiveRun>;
  cancelling: Map<string, AbortController>;
  /** How often in a row a run could not be driven. */
  failures: Map<string, number>;
  /** Runs that other processes drive. */
  watch: Watch;
  /** Those of them that will be looked at again. */
  looking: Set<string>;
  closing: AbortController;
}

/** Drives one run of the desk until it ends, waits for people, or has to be tried later. */
export async function drive(state: Desk, id: string, signal: AbortSignal): Promise<void> {
  const { house, runs, cancelling, failures } = state;
  const run = runs.get(id);
  if (run === undefined || isHeld(house, run)) return;
  try {
    if (isTold(run)) return await undoRun(house, run, signal);
    const driven = await driveOn(state, run, signal);
    if (driven === "held") return;
    if (driven === "ended") await undoRun(house, run, signal);
    await takeBackTrouble(house, run, failures.get(id) ?? 0);
    failures.delete(id);
    if (driven === "waiting") wakeAtExpiry(state, run);
    if (driven === "waiting") wakeWhenChecked(state, run);
    house.world.log.info({ run: id, status: run.record().status, driven }, "stopped driving a run");
  } catch (error) {
    // The run stays as it is on disk; an abort is the end of this process, and the next one takes it up.
    if (!signal.aborted) await tryLater(state, run, error);
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

/** Drives again when a word came while the run was being let go of: nobody else would wake it. */
async function driveOn(state: Desk, run: LiveRun, signal: AbortSignal): Promise<Driven | "held"> {
  const { house } = state;
  const { id, repository: ref } = run.record();
  for (;;) {
    const checkpoint = await checkpointOf(house, { ref, id });
    if (await isAnothers(state, { id, checkpoint })) return "held";
    await goOnFrom(house, { ref, id }, { inHand: run, remote: checkpoint });
    const words = wordsOn(run);
    const either = AbortSignal.any([signal, cancelOf(state, run).signal]);
    const driven = await house.world.telemetry.during(
      { name: "run", run: id, facts: {} },
      (learn) =>
        driveAlone(house, { run, checkpoint }, { signal: either, stopping: signal }).finally(() =>
          learn({ status: run.record().status }),
        ),
    );
    if (driven === "held") lookLater(state, id, house.settings.leaseMs);
    if (driven !== "waiting" || wordsOn(run) === words) return driven;
  }
}

/** Another process drives it, as far as can be told: it is looked at again when that one's time may be over. */
async function isAnothers(
  state: Desk,
  { id, checkpoint }: { id: string; checkpoint: Checkpoint | null },
): Promise<boolean> {
  if (checkpoint === null) return false;
  const { owner } = await state.house.holder();
  const waitMs = state.watch.waitMs(id, checkpoint, owner);
  if (waitMs > 0) lookLater(state, id, waitMs);
  return waitMs > 0;
}

function lookLater({ house, closing, looking }: Desk, id: string, waitMs: number): void {
  const { clock, log, queue } = house.world;
  if (looking.has(id)) return;
  looking.add(id);
  log.info({ run: id, waitMs }, "another process drives a run; it is looked at again later");
  clock.sleep(waitMs, closing.signal).then(
    () => {
      looking.delete(id);
      queue.add(id);
    },
    () => undefined,
  );
}

/** Everything that people can say while a run rests, as one text: another one means that somebody spoke. */
function wordsOn(run: LiveRun): string {
  const { questions, pause, land, limits } = run.record();
  const decided = questions.filter(({ decision }) => decision !== null).length;
  return JSON.stringify([decided, pause?.by == null ? null : pause.at, land?.at, limits.budgetUsd]);
}

/**
 * A question whose time runs out wakes its run, and so does a cap that nobody raised; a restart sets the same alarm by
 * driving the run once. A paused run hears of its questions when it goes on.
 */
function wakeAtExpiry({ house, closing }: Desk, run: LiveRun): void {
  const { clock, queue } = house.world;
  const { pause } = run.record();
  const first =
    pause === null
      ? Math.min(...openOnes(run).map(({ expiresAt }) => expiresAt))
      : (pause.until ?? Infinity);
  if (!Number.isFinite(first)) return;
  sleepUntil(clock, first, closing.signal).then(
    () => queue.add(run.record().id),
    () => undefined,
  );
}

/** The repository's checks are looked at while the run rests: it is driven again when one of them is over. */
function wakeWhenChecked({ house, closing }: Desk, run: LiveRun): void {
  const { pause, repository, id } = run.record();
  if (pause !== null || openChecksOf(run.record()).length === 0) return;
  const { openForge, clock, log, queue } = house.world;
  const { signal } = closing;
  openForge(repository)
    .then((forge) => watchChecks({ forge, clock }, run, { signal }))
    .then(
      () => queue.add(id),
      (error: unknown) => {
        if (signal.aborted) return;
        log.error({ run: id, error }, "the checks of a branch could not be looked at");
        queue.add(id);
      },
    );
}

async function tryLater(state: Desk, run: LiveRun, error: unknown): Promise<void> {
  const { house, failures, closing } = state;
  const { clock, log, queue } = house.world;
  const { id } = run.record();
  const failed = (failures.get(id) ?? 0) + 1;
  failures.set(id, failed);
  const waitMs = retryAfterMs(failed);
  log.error({ run: id, error, waitMs }, "a run could not be driven and is tried again later");
  await tellTrouble(house, run, { error, failures: failed });
  clock.sleep(waitMs, closing.signal).then(
    () => queue.add(id),
    () => undefined,
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
