// One run from where it stands to its end: plan, execute, finish; publisher and reporter beside it.

import { Cancelled, Diverged, Suspended } from "../engine/errors.ts";
import { divergedEnding } from "./diverged.ts";
import { endingOf, endingOfError, type Ending, internalEnding, poisonous } from "./ending.ts";
import { endRun } from "./end-run.ts";
import { every } from "./every.ts";
import { executeScript } from "./execute.ts";
import { finishRun } from "./finish.ts";
import { AccountHeld, Paused, passPause, restUntil } from "./hold.ts";
import type { House } from "./house.ts";
import { isEnded } from "./record.ts";
import type { LiveRun } from "./live.ts";
import { isFactsOnly, lateFoldsOf } from "./own-entries.ts";
import { synthesize } from "./own-agents.ts";
import { writeScript } from "./write-script.ts";
import { passApproval, showPlan } from "./approval.ts";
import { closedNow } from "./plan-ended.ts";
import { renderBase } from "./render/base.ts";
import { renderClosed } from "../settings/render.ts";
import { tipsNow, findGround, type Ground, planScript } from "./plan.ts";
import { meetingsOf } from "./meetings.ts";
import { passes } from "./passes.ts";
import { patiently } from "./patience.ts";
import { findTemplate } from "./pull-template.ts";
import { hasWork, publicationsOf } from "./publications.ts";
import { Fenced } from "./lease.ts";
import { isDelivered } from "../steps/ledger.ts";
import { signedOf } from "./sign.ts";
import type { RunSite } from "./site.ts";
import { limits } from "../config/limits.ts";

/** How driving stopped: the run ended, stays as it is for the next process, or waits for people. */
export type Driven = "ended" | "left" | "waiting";

/**
 * Drives a run that this process has taken. An abort of `signal` with `Cancelled` ends it as cancelled; any other abort leaves
 * it where it stands. Rejects when its end cannot be told, and with `Fenced` when another process has the run.
 */
export async function driveRun(
  house: House,
  { run, site, isTakenOver }: Driving & { isTakenOver: boolean },
  signal: AbortSignal,
): Promise<Driven> {
  if (signedOf(run) !== null) site.publisher.releaseResult();
  const { status, statusDetail } = run.record();
  if (isEnded(status)) {
    await endRun(house, { run, site }, { status, detail: statusDetail ?? "" });
    return "ended";
  }
  const { id } = run.record();
  house.sandboxes.prepare();
  // The thread knows of it before anybody is paid; of one that a driver died with it knew before.
  if (!isTakenOver) await tell({ run, site }, signal);
  const ending = site.publisher.isPoisonous()
    ? poisonous(id)
    : await driveToEnd(house, { run, site }, signal);
  if (ending === null) return "left";
  if (ending === "waiting") return ending;
  await endRun(house, { run, site }, ending);
  return "ended";
}

export interface Driving {
  run: LiveRun;
  site: RunSite;
}

async function tell({ run, site }: Driving, signal: AbortSignal): Promise<void> {
  await site.reporter.tell(signal);
  run.setUrl(site.reporter.url());
}

/** Null when this process is being shut down. */
async function driveToEnd(
  house: House,
  { run, site }: Driving,
  signal: AbortSignal,
): Promise<Ending | "waiting" | null> {
  const stop = new AbortController();
  const together = AbortSignal.any([signal, stop.signal]);
  const background = { clock: house.world.clock, signal: together };
  const fail = (error: unknown): void => stop.abort(error);
  const ticking = every(background, limits.publish.tickMs, (aborted) =>
    site.publisher.tick(aborted),
  ).catch(fail);
  const { leaseMs } = house.settings;
  const renewing = every(background, leaseMs / 10, (aborted) =>
    site.publisher.renew(aborted),
  ).catch(fail);
  const telling = every(background, limits.publish.progressEditMs, (aborted) =>
    tell({ run, site }, aborted),
  ).catch(fail);
  try {
    return await stagesOrRest(house, { run, site }, together);
  } catch (error) {
    return endingOfFailure(
      house,
      { run, error: stop.signal.aborted ? stop.signal.reason : error },
      signal,
    );
  } finally {
    stop.abort(new DOMException("The run ended.", "AbortError"));
    await Promise.all([ticking, renewing, telling]);
  }
}

function endingOfFailure(
  house: House,
  { run, error }: { run: LiveRun; error: unknown },
  signal: AbortSignal,
): Ending | null {
  const { id } = run.record();
  const hasBranches = hasWork(run.record(), run.entries());
  if (signal.aborted && signal.reason instanceof Cancelled)
    return endingOfError(signal.reason, hasBranches);
  if (signal.aborted) return null;
  if (error instanceof Fenced) throw error;
  // It is not over: everything is on disk, and it is tried again.
  if (passes(error)) throw error;
  if (error instanceof Diverged) return divergedEnding(error, run.record(), hasBranches);
  const told = endingOfError(error, hasBranches);
  if (told === null) house.world.log.error({ run: id, error }, "a run failed inside");
  return told ?? internalEnding(id, hasBranches);
}

/** An agent of our own could not begin because of a pause: the run rests, or goes on when that was taken back meanwhile. */
async function stagesOrRest(
  house: House,
  { run, site }: Driving,
  signal: AbortSignal,
): Promise<Ending | "waiting"> {
  for (;;) {
    try {
      return await stages(house, { run, site }, signal);
    } catch (error) {
      if (error instanceof AccountHeld) await restUntil(run, error, house.world.clock.now());
      else if (!(error instanceof Paused)) throw error;
      if (run.record().pause !== null) return rest({ run, site }, signal);
    }
  }
}

async function stages(
  house: House,
  { run, site }: Driving,
  signal: AbortSignal,
): Promise<Ending | "waiting"> {
  signal.throwIfAborted();
  if ((await passPause(house, run)) === "paused") return rest({ run, site }, signal);
  const world = {
    forge: site.forge,
    mirror: site.mirror,
    workflowsDir: house.settings.workflowsDir,
  };
  await mustBeOpen(house, { run, site }, signal);
  const ground = await findGround(world, run);
  if (run.record().script === null) {
    await planScript(
      { ...world, author: (task) => writeScript(house, { run, ground, task }, signal) },
      run,
      ground,
    );
  }
  const passed = await passApproval(house, { run, site, ground }, signal);
  if (passed === "waits") return rest({ run, site }, signal);
  // Planned anew with a fresh approval to wait for: each round takes a person's word.
  if (passed === "stale") return stages(house, { run, site }, signal);
  await run.update({ status: "running" });
  const early = await executeScript(house, { run, site, ground }, signal);
  if (early instanceof Suspended || early instanceof Paused) return rest({ run, site }, signal);
  await run.update({ status: "publishing" });
  const made = await publish(house, { run, site, ground }, signal);
  if (made === "waits") return rest({ run, site }, signal);
  const { workers } = publicationsAt(run, ground);
  return endingOf(run.view, {
    record: run.record(),
    ...resultOf(made),
    base: renderBase(run.record(), signedOf(run)?.line?.base ?? { kind: "unmoved" }),
    delivered: workers.filter(({ change }) => isDelivered(change)).length,
    leftOut: workers.filter(({ change }) => !isDelivered(change)).length,
    early,
    lateFolds: lateFoldsOf(run),
    factsOnly: isFactsOnly(run),
  });
}

/** Nothing but people's word is missing: everything is brought to GitHub, and the run lets go of its place. */
async function rest({ run, site }: Driving, signal: AbortSignal): Promise<"waiting"> {
  await run.update({ status: run.record().pause === null ? "waiting" : "paused" });
  await site.publisher.flush(signal);
  await showPlan({ run, site }, signal);
  await site.publisher.leaveAtRest(signal);
  return "waiting";
}

/** A run that is taken up where Fanfold was switched off meanwhile ends; what nobody can read holds up only what begins. */
async function mustBeOpen(
  house: House,
  { run, site }: Driving,
  signal: AbortSignal,
): Promise<void> {
  const { repository } = run.record();
  const { clock } = house.world;
  const now = await patiently({ clock, signal, onWait: site.onWait }, () =>
    house.rules.toBegin(repository),
  );
  if (now.closed === null || now.closed.why === "broken" || now.closed.why === "unreadable") return;
  throw closedNow(renderClosed(now, repository));
}

type Made = Exclude<Awaited<ReturnType<typeof finishRun>>, "waits">;

const resultOf = (made: Made): Pick<Parameters<typeof endingOf>[1], "pull" | "proposal"> =>
  made !== null && "number" in made
    ? { pull: made, proposal: null }
    : { pull: null, proposal: made };

function publicationsAt(run: LiveRun, ground: Ground): ReturnType<typeof publicationsOf> {
  return publicationsOf(ground.base.commit, run.entries(), run.record().settings);
}

async function publish(
  house: House,
  { run, site, ground }: Driving & { ground: Ground },
  signal: AbortSignal,
): ReturnType<typeof finishRun> {
  const { pacer } = await house.site(run.record().repository);
  return finishRun(
    {
      ...site,
      clock: house.world.clock,
      author: house.settings.author,
      turn: (aborted) => pacer.turn(aborted),
      pullDiff: ground.pull?.diff ?? null,
      writable: ground.pull === null || ground.pull.writable,
      tipOfBase: async () => (await tipsNow(site.mirror, ground)).base,
      template: () => findTemplate(ground.trusted),
      meetings: ({ ledger }) => meetingsOf(site.mirror, ledger),
      synthesize: (publications) => synthesize(house, { run, publications }, signal),
    },
    run,
    signal,
  );
}
