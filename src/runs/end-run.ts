// The last thing a run does: its end is told everywhere, and what its workers left open is closed.

import { startDeadline } from "../agent/deadline.ts";
import { ForgeError } from "../world/forge-error.ts";
import type { Ending } from "./ending.ts";
import { putFinalCheck } from "./final-check.ts";
import { markFinal } from "./final-marks.ts";
import type { House } from "./house.ts";
import type { LiveRun } from "./live.ts";
import { runMarker } from "./names.ts";
import { patiently } from "./patience.ts";
import { isReplaced } from "./plan-ended.ts";
import { publicationsOf } from "./publications.ts";
import type { RunSite } from "./site.ts";
import { summaryOf } from "./summary.ts";

interface Driven {
  run: LiveRun;
  site: RunSite;
}

/** Tells the end everywhere: record, thread, check run, checkpoint. A cancelled run's end is told as well. */
export async function endRun(house: House, { run, site }: Driven, ending: Ending): Promise<void> {
  run.see({ kind: "held-up", reason: null });
  const late = { ms: END_MS, reason: new Error("The end of a run could not be told in time.") };
  using time = startDeadline(house.world.clock, late, new AbortController().signal);
  const { signal } = time;
  const endedAt = run.record().endedAt ?? house.world.clock.now();
  await run.update({ status: ending.status, statusDetail: ending.detail, endedAt });
  await notePrice(house, run);
  const { clock } = house.world;
  await patiently({ clock, signal, onWait: site.onWait }, () =>
    markFinal(run, site, ending.status),
  );
  await site.reporter.tell(signal);
  await hideReplaced(house, { run, site });
  await patiently({ clock, signal, onWait: site.onWait }, () => putFinalCheck(run, site));
  await site.publisher.flush(signal);
  await settleWorkers(house, { run, site }, signal);
  // On another machine nothing is left to do either.
  await site.publisher.release(signal, { endTold: true });
  await run.update({ endTold: true });
  house.world.telemetry.add("runs.ended", 1, { status: ending.status });
  await run.folder.transcripts.forgetAll();
}

/** What it came to is the next one's quote. One that reused answers, or did not come to its end, cost less than it is worth. */
async function notePrice({ priceBook, world }: House, run: LiveRun): Promise<void> {
  const { id, repository, script, status, retryOf } = run.record();
  if (status !== "completed" || retryOf !== null) return;
  if (script === null || script.origin === "authored") return;
  const { costUsd } = summaryOf(run, world.clock.now());
  if (costUsd === null) return;
  const line = { run: id, workflow: script.workflow, usd: costUsd };
  await priceBook.note(repository.repositoryId, line);
}

/** A plan that gave way to a newer one is folded away, so that the thread shows the one that can be approved. */
async function hideReplaced(house: House, { run, site }: Driven): Promise<void> {
  const { id, thread } = run.record();
  if (!isReplaced(run.record())) return;
  try {
    await site.forge.hide(thread, runMarker(id));
  } catch (error) {
    if (!(error instanceof ForgeError)) throw error;
    const consequence = "a plan that was replaced could not be folded away and stays in sight";
    house.world.log.warn({ run: id, error: error.message }, consequence);
  }
}

/** A run that did not finish still closes its workers' pull requests, each with the reason. */
async function settleWorkers(
  house: House,
  { run, site }: Driven,
  signal: AbortSignal,
): Promise<void> {
  const record = run.record();
  if (record.base === null) return;
  try {
    await site.effects.settle(
      record,
      publicationsOf(record.base.commit, run.entries(), record.settings),
      signal,
    );
  } catch (error) {
    if (!(error instanceof ForgeError)) throw error;
    house.world.log.warn(
      { run: record.id, error: error.message },
      "a worker's pull request could not be closed and stays open",
    );
  }
}

/** Telling an end may wait for GitHub's limits, but not for ever: the record is on disk, a restart tells the rest. */
const END_MS = 10 * 60_000;
