// `npm run kill-series`: real processes killed in the middle of runs with eight workers, and what is left held against a run
// that nobody disturbed.

import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";

import { drawInt, pick } from "../simulation/core/draw.ts";
import { endOf, type Result, resultOf } from "./result.ts";
import { type Life, openTown, type Town } from "./town.ts";

const { values } = parseArgs({
  options: {
    kills: { type: "string", default: "20" },
    terms: { type: "string", default: "5" },
    seed: { type: "string", default: "1" },
  },
});

const say = (line: string): void => void process.stdout.write(`${line}\n`);

/** Somewhere in what is left of a run, which takes about half a minute. */
const UNTIL_KILL_MS = [200, 12_000] as const;
/** Kills of one run: each begins it anew from where it stands. */
const OF_ONE_RUN = 3;
const PATIENCE_MS = 10 * 60_000;
/** What is done after the end was told. */
const AFTERWARDS_MS = 6_000;
const LOOK_MS = 100;

type Signal = "SIGKILL" | "SIGTERM";
type Place = "the same disk" | "an empty disk" | "beside it, on an empty disk";

interface Played {
  result: Result;
  requests: number;
  /** What was done to it, in order. */
  deeds: string[];
  end: string;
}

/** Plays one run, with these signals; fewer when it ends before. */
async function playRun(signals: readonly Signal[], key: string): Promise<Played> {
  await using town = await openTown();
  let life = await town.start();
  await sleep(LOOK_MS);
  await askUntilHeard(town);
  const deeds: string[] = [];
  for (const [index, signal] of signals.entries()) {
    const at = drawInt(Number(values.seed), `${key} ${index} at`, UNTIL_KILL_MS);
    if (await hasEnded(town, at)) break;
    const place = placeFor(`${key} ${index}`);
    deeds.push(`${signal} after ${at} ms, then ${place}`);
    life = await replace(town, life, { signal, place });
  }
  const isOver = await hasEnded(town, PATIENCE_MS);
  if (!isOver) throw new Error(`A run came to no end: ${JSON.stringify(deeds)}`);
  await sleep(AFTERWARDS_MS);
  const { requests } = town.provider;
  return { result: resultOf(town), requests: requests.length, deeds, end: endOf(town) ?? "" };
}

/** A webhook that finds nobody is not sent again by GitHub itself; the bot would ask for it within ten minutes. */
async function askUntilHeard(town: Town): Promise<void> {
  await sleep(4_000);
  await town.ask();
}

const placeFor = (key: string): Place =>
  pick<Place>(Number(values.seed), `${key} place`, [
    "the same disk",
    "the same disk",
    "an empty disk",
    "beside it, on an empty disk",
  ]);

async function replace(
  town: Town,
  life: Life,
  { signal, place }: { signal: Signal; place: Place },
): Promise<Life> {
  const beside = place === "beside it, on an empty disk" ? await town.start() : null;
  if (beside !== null) await sleep(1_000);
  life.child.kill(signal);
  if (!life.ended()) await once(life.child, "exit");
  return beside ?? (await town.start(place === "the same disk" ? life.disk : undefined));
}

async function hasEnded(town: Town, withinMs: number): Promise<boolean> {
  const until = performance.now() + withinMs;
  while (performance.now() < until) {
    if (endOf(town) !== null) return true;
    await sleep(LOOK_MS);
  }
  return false;
}

/** The run's id follows from its comment's, which depends on what GitHub numbered before; two runs would still be seen. */
const textOf = (result: Result): string =>
  JSON.stringify(result).replaceAll(/wf-[0-9a-v]{10}/gu, "the run");

async function main(): Promise<number> {
  const calm = await playRun([], "calm");
  say(`undisturbed: ${calm.end}, ${calm.requests} requests`);
  const wanted = textOf(calm.result);
  const left: Record<Signal, number> = {
    SIGKILL: Number(values.kills),
    SIGTERM: Number(values.terms),
  };
  const done: Record<Signal, number> = { SIGKILL: 0, SIGTERM: 0 };
  let [different, above] = [0, 0];
  for (let run = 1; left.SIGKILL + left.SIGTERM > 0; run += 1) {
    const signal: Signal = left.SIGKILL > 0 ? "SIGKILL" : "SIGTERM";
    const signals = Array.from({ length: Math.min(OF_ONE_RUN, left[signal]) }, () => signal);
    const played = await playRun(signals, `run ${run}`);
    left[signal] -= played.deeds.length;
    done[signal] += played.deeds.length;
    above += played.requests - calm.requests;
    const isSame = textOf(played.result) === wanted;
    different += isSame ? 0 : 1;
    say(
      `run ${run}: ${played.deeds.join("; ")}: ${isSame ? "the same" : "ANOTHER RESULT"}, ${played.requests - calm.requests} requests above`,
    );
    if (!isSame)
      say(
        `${JSON.stringify(played.result, null, 1)}\ninstead of\n${JSON.stringify(calm.result, null, 1)}`,
      );
  }
  say(
    `${done.SIGKILL} SIGKILL and ${done.SIGTERM} SIGTERM: ${different} runs with another result, ${above} requests above the undisturbed ones`,
  );
  return different;
}

process.exitCode = (await main()) === 0 ? 0 : 1;
