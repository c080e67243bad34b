// How soon a run goes on after the worker that drives it was killed.

import { once } from "node:events";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";

import { z } from "zod";

import { startRedis } from "../../test/servers/redis.ts";
import type { Life } from "../../test/processes/fleet/bots.ts";
import { endOf } from "../../test/processes/fleet/left.ts";
import { openTown, type Place, type Town } from "../../test/processes/fleet/town.ts";
import { looksScript } from "../../test/processes/fleet/work.ts";
import { median, round } from "../statistics.ts";
import type { Recovery } from "./result.ts";
import type { QueueSizes } from "./sizes.ts";
import { untilFound } from "./watch.ts";

/** Of an answer, so that a run of a few agents, one after the other, is at work for long enough. */
const LATENCY_MS = 1_500;

export async function measureRecovery({ kills, looks }: QueueSizes["recovery"]): Promise<Recovery> {
  await using redis = await startRedis();
  const work = { repositories: kills, threads: 1, script: looksScript(looks), settings: null };
  const options = { work, queueUrl: redis.url, latencyMs: LATENCY_MS };
  await using town = await openTown(options);
  await town.start(undefined, "serve");
  await town.listening();
  await town.start(undefined, "work");
  await town.start(undefined, "work");
  const all: { handedMs: number; goesOnMs: number }[] = [];
  for (const place of town.places) all.push(await killOne(town, place));
  const of = (times: readonly number[]) => ({
    p50: round(median(times), 0),
    most: round(Math.max(...times), 0),
  });
  return {
    kills,
    handedMs: of(all.map(({ handedMs }) => handedMs)),
    goesOnMs: of(all.map(({ goesOnMs }) => goesOnMs)),
  };
}

async function killOne(town: Town, place: Place): Promise<{ handedMs: number; goesOnMs: number }> {
  const { requests } = town.provider;
  const before = requests.length;
  await town.ask(place);
  await untilFound("The second agent", () => requests[before + 1]);
  const run = await untilFound("The run's checkpoint", () => runIn(place.gitDir));
  const driver = await untilFound("The run's driver", () => driverOf(town, run));
  const killedAt = Date.now();
  driver.child.kill("SIGKILL");
  await once(driver.child, "exit");
  const asked = requests.length;
  const next = await untilFound("The next driver", () => driverOf(town, run));
  const handedMs = handedAt(next, run) - killedAt;
  const { at } = await untilFound("The next agent", () => requests[asked]);
  await town.start(driver.disk, "work");
  await untilFound("The run's end", () => endOf(town, place));
  return { handedMs, goesOnMs: at - killedAt };
}

/** The only one of its repository. */
function runIn(gitDir: string): string | null {
  const folder = join(gitDir, "refs", "fanfold", "runs");
  return existsSync(folder) ? (readdirSync(folder)[0] ?? null) : null;
}

const driverOf = ({ lives }: Town, run: string): Life | undefined =>
  lives.find((life) => !life.ended() && handedAt(life, run) > 0);

const Handed = z.object({ time: z.number(), run: z.string(), msg: z.string() });

/** When a process was handed a run, in milliseconds since 1970; 0 when it was not. */
function handedAt({ log }: Life, run: string): number {
  const lines = log
    .filter((line) => line.includes(run))
    .map((line) => Handed.safeParse(JSON.parse(line)).data);
  return (
    lines.findLast((line) => line?.run === run && line.msg.startsWith("the queue handed"))?.time ??
    0
  );
}
