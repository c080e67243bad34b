// How many runs a fleet of workers ends in a minute, and what they all have to share for it.

import { readFile } from "node:fs/promises";

import { startRedis } from "../../test/servers/redis.ts";
import type { Life } from "../../test/processes/fleet/bots.ts";
import { endsOf } from "../../test/processes/fleet/left.ts";
import { openTown } from "../../test/processes/fleet/town.ts";
import { partsScript } from "../../test/processes/fleet/work.ts";
import { round } from "../statistics.ts";
import type { Rate } from "./result.ts";
import type { QueueSizes } from "./sizes.ts";
import { untilFound } from "./watch.ts";

/** Hundredths of a second, as Linux counts. */
const TICKS = 100;

export async function measureRate(
  workers: number,
  { runs, parts }: QueueSizes["rate"],
): Promise<Rate> {
  await using redis = await startRedis();
  const script = partsScript(parts);
  const work = { repositories: runs, threads: 1, script, settings: "workerPulls: 0\n" };
  await using town = await openTown({ work, queueUrl: redis.url });
  await town.start(undefined, "serve");
  await town.listening();
  const starts = Array.from({ length: workers }, () => town.start(undefined, "work"));
  await Promise.all(starts);
  const pids = town.lives.flatMap(({ child }) => child.pid ?? []);
  // What starting takes is not a run's.
  await untilFound("Workers that listen", () => (town.lives.every(isListening) ? true : null));
  const cpuOfBots = async (): Promise<number> =>
    (await Promise.all(pids.map((pid) => cpuOf(String(pid))))).reduce((sum, one) => sum + one, 0);
  const before = { town: await cpuOf("self"), bots: await cpuOfBots(), machine: await machine() };
  const begun = performance.now();
  for (const place of town.places) await town.ask(place);
  await untilFound("The last end", () => (endsOf(town).includes(null) ? null : true));
  const minutes = (performance.now() - begun) / 60_000;
  const after = { town: await cpuOf("self"), bots: await cpuOfBots(), machine: await machine() };
  const all = after.machine.all - before.machine.all;
  return {
    workers,
    runs,
    agents: runs * parts * 2,
    runsPerMinute: round(runs / minutes, 2),
    botCpuS: round((after.bots - before.bots) / runs),
    townCpuS: round((after.town - before.town) / runs),
    busyShare: round(1 - (after.machine.idle - before.machine.idle) / all, 2),
  };
}

const isListening = ({ log }: Life): boolean =>
  log.some((line) => line.includes("Fanfold is listening"));

/** Seconds of CPU of a process and of its children that have ended; 0 where the system does not tell. */
async function cpuOf(pid: string): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => "");
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return fields.slice(11, 15).reduce((sum, ticks) => sum + Number(ticks), 0) / TICKS;
}

/** Ticks of all cores, and those in which they had nothing to do. */
async function machine(): Promise<{ all: number; idle: number }> {
  const stat = await readFile("/proc/stat", "utf8").catch(() => "cpu 0 0 0 1 0");
  const [line = ""] = stat.split("\n");
  const ticks = line.split(/\s+/u).slice(1, 9).map(Number);
  const [, , , idle = 0, waiting = 0] = ticks;
  return { all: ticks.reduce((sum, one) => sum + one, 0), idle: idle + waiting };
}
