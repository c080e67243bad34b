// What a run says of itself on GitHub: its one comment and its check run, kept true together.

import { isHiddenRef, refOfPlace } from "../repo/refs.ts";
import type { Clock } from "../world/clock.ts";
import type { Forge } from "../world/forge.ts";
import type { CheckRun } from "../world/checks.ts";
import type { Log } from "../world/log.ts";
import { openCheckReporter } from "./check-reporter.ts";
import type { Effects } from "./effects.ts";
import type { LiveRun } from "./live.ts";
import { stateRefOf } from "./names.ts";
import type { OnWait } from "./patience.ts";
import { type Publications, publicationsOf } from "./publications.ts";
import { renderCheck } from "./render/check.ts";
import { renderProgress } from "./render/progress.ts";
import { renderReportOf } from "./render/report.ts";
import { counted, duration } from "./render/text.ts";
import { openReporter, type Reporter } from "./reporter.ts";

export interface TellingWorld {
  run: LiveRun;
  forge: Forge;
  clock: Clock;
  log: Log;
  effects: Effects;
  /** Places of ours that somebody moved or deleted. */
  leftAlone: ReadonlySet<string>;
  /** The commit of the checkpoint that was pushed last; null while there is none. */
  checkpoint: () => string | null;
  onWait: OnWait;
  waits: { count: number; ms: number };
}

export interface Telling {
  reporter: Reporter;
  /** The run as its check run shows it at this moment. */
  renderCheck: (now: number) => Omit<CheckRun, "headSha">;
}

export function openTelling(world: TellingWorld): Telling {
  const { run, forge, clock, log, onWait } = world;
  const muted = (message: string) => (error: Error) =>
    log.warn({ run: run.record().id, error: error.message }, message);
  const comment = openReporter({
    forge,
    clock,
    record: run.record,
    known: run.comment(),
    render: (now) => renderProgressOf(world, now),
    onWait,
    onMute: muted("the run's comment cannot be written; the run goes on, and its end tries again"),
  });
  const render = (now: number): Omit<CheckRun, "headSha"> =>
    renderCheckOf(world, { commentUrl: comment.url(), now });
  const check = openCheckReporter({
    forge,
    clock,
    run,
    render,
    checkpoint: world.checkpoint,
    onWait,
    onMute: muted("the run's check cannot be shown; the run goes on, and its end tries again"),
  });
  let busy: Promise<void> = Promise.resolve();
  const tell = async (signal: AbortSignal): Promise<void> => {
    // The comment leads to it.
    await check.tell(signal);
    await comment.tell(signal);
  };
  return {
    renderCheck: render,
    reporter: {
      url: () => comment.url(),
      // One after the other: two that look for the comment at once would both make it.
      tell: (signal) => {
        busy = busy.catch(() => undefined).then(() => tell(signal));
        return busy;
      },
    },
  };
}

function publicationsNow(run: LiveRun): Publications | null {
  const { base, settings } = run.record();
  return base === null ? null : publicationsOf(base.commit, run.entries(), settings);
}

function renderCheckOf(
  { run, waits: { count, ms } }: TellingWorld,
  { commentUrl, now }: { commentUrl: string | null; now: number },
): Omit<CheckRun, "headSha"> {
  const waited =
    count === 0
      ? null
      : `GitHub asked us to wait ${counted(count, "time")}, ${duration(ms)} in all; nothing was lost by it.`;
  const publications = publicationsNow(run);
  return renderCheck({
    record: run.record(),
    view: run.view,
    publications,
    now,
    waited,
    commentUrl,
  });
}

function renderProgressOf({ run, forge, effects, leftAlone }: TellingWorld, now: number): string {
  const record = run.record();
  const publications = publicationsNow(run);
  return renderProgress({
    record,
    view: run.view,
    workers: publications?.workers ?? [],
    pulls: effects.pulls,
    isLeftAlone: (branch) => leftAlone.has(refOfPlace(branch)),
    held: forge.held(),
    script: run.script(),
    report: renderReportOf(record, publications?.report?.value),
    now,
    pageOf: ({ branch, head }) => forge.pageOf(isHiddenRef(branch) ? { commit: head } : { branch }),
    checkpointRef: stateRefOf(record.id),
  });
}
