// Opens what operators watch the bot with, when they asked for it; otherwise nothing of it is even loaded.

import type { Env } from "./config/env.ts";
import { version } from "./config/version.ts";
import { CannotStart } from "./open-data.ts";
import { isAlive, type LiveRun } from "./runs/live.ts";
import type { World } from "./world.ts";
import { inTime } from "./world/in-time.ts";
import type { Queue } from "./world/queue.ts";
import { type Reading, type Telemetry, unwatched } from "./world/telemetry.ts";

/** Telemetry that is to be disposed of at the end, so that what is left is sent. */
export type OpenedTelemetry = Telemetry & AsyncDisposable;

/** Numbers can be fetched when it resolves. Rejects with `CannotStart` when their port is taken. */
export async function openTelemetryOf({ metrics, traces }: Env): Promise<OpenedTelemetry> {
  if (metrics === null && !traces) return { ...unwatched, [Symbol.asyncDispose]: async () => {} };
  const { openTelemetry } = await import("./outside/telemetry/open.ts");
  const opened = openTelemetry({ metrics, traces, version });
  try {
    await opened.listening;
  } catch (error) {
    throw new CannotStart(
      `Metrics cannot be served on ${metrics?.host}:${metrics?.port}. Set FANFOLD_METRICS_PORT to a free port, or leave it out.`,
      { cause: error },
    );
  }
  return opened;
}

/** Prometheus gives up on all numbers of a process after ten seconds, unless told. */
const LOOK = { ms: 2_000, why: "The queue did not answer in time." };

/** How many runs are in the queue, in each state; nothing while it cannot be reached, so that the other numbers are there. */
export async function queueByState({
  queue,
  clock,
}: Pick<World, "clock"> & { queue: Pick<Queue, "depth"> }): Promise<Reading[]> {
  try {
    const depth = await inTime(clock, LOOK, queue.depth());
    return Object.entries(depth).map(([state, value]) => ({ value, facts: { state } }));
  } catch {
    // That it cannot be reached is in the log, again and again.
    return [];
  }
}

/** How many runs a process has in hand, in each status. */
export function runsByStatus(runs: readonly LiveRun[]): Reading[] {
  const alive = runs.filter(isAlive);
  const byStatus = Map.groupBy(alive, (run) => run.record().status);
  return [...byStatus].map(([status, { length }]) => ({ value: length, facts: { status } }));
}
