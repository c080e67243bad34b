// `npm run kill-series`: real processes killed in the middle of runs with eight workers, and what is left held against a run
// that nobody disturbed.

import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";

import { askedOr, givenOf, Misasked, SEEDS, wholeOf } from "../simulation/command-line.ts";
import { commitNow } from "../simulation/commit.ts";
import { drawInt, pick } from "../simulation/core/draw.ts";
import { endOf, type Result, resultOf } from "./result.ts";
import { type Life, openTown, type Town } from "./town.ts";

const USAGE = `npm run kill-series -- [--kills N] [--terms N] [--seed S] [--at-once K]
  N SIGKILL (20 unless told) and N SIGTERM (5) in the middle of runs, K runs at once (1), at moments drawn from seed S (1)
`;

const KINDS = { kills: "string", terms: "string", seed: "string", "at-once": "string" } as const;

const asked = askedOr(USAGE, (args) => {
  const given = givenOf(args, KINDS);
  const read = {
    kills: wholeOf(given, "kills", { bounds: [0, 100_000], other: 20 }),
    terms: wholeOf(given, "terms", { bounds: [0, 100_000], other: 5 }),
    seed: wholeOf(given, "seed", { bounds: SEEDS, other: 1 }),
    atOnce: wholeOf(given, "at-once", { bounds: [1, 32], other: 1 }),
  };
  if (read.kills + read.terms === 0) throw new Misasked("Nothing is to be killed or stopped.");
  return read;
});

const say = (line: string): void => void process.stdout.write(`${line}\n`);

/** Somewhere in what is left of a run, which takes about half a minute. */
const UNTIL_KILL_MS = [200, 9_000] as const;
/**
 * Kills of one run: each begins it anew from where it stands. Eight drivers in a row that get nowhere would end it, as
 * they should.
 */
const OF_ONE_RUN = 6;
/** A machine that is busy with other things takes minutes for what takes seconds on a quiet one. */
const PATIENCE_MS = 30 * 60_000;
/** What is done after the end was told, such as the check of the final commit, may take so long on a busy machine. */
const AFTERWARDS_MS = 60_000;
/** Nothing more may come of it after that. */
const QUIET_MS = 6_000;
const LOOK_MS = 100;

type Signal = "SIGKILL" | "SIGTERM";
type Place = "the same disk" | "an empty disk" | "beside it, on an empty disk";

interface Played {
  result: Result;
  requests: number;
  /** What was done to it, in order. */
  deeds: string[];
  end: string;
  /** The last words of each bot. */
  words: string[];
}

/** Of each bot's log. */
const LAST_WORDS = 12;

/** Plays one run, with these signals; fewer when it ends before. */
async function playRun(
  signals: readonly Signal[],
  { key, wanted }: { key: string; wanted: string | null },
): Promise<Played> {
  await using town = await openTown();
  let life = await town.start();
  await sleep(LOOK_MS);
  await askUntilHeard(town);
  const deeds: string[] = [];
  for (const [index, signal] of signals.entries()) {
    const at = drawInt(asked.seed, `${key} ${index} at`, UNTIL_KILL_MS);
    if (await hasEnded(town, at)) break;
    const place = placeFor(`${key} ${index}`);
    deeds.push(`${signal} after ${at} ms, then ${place}`);
    life = await replace(town, life, { signal, place });
  }
  // One that comes to none is told as another result, with what is there.
  await hasEnded(town, PATIENCE_MS);
  await settle(town, wanted);
  const { requests } = town.provider;
  return {
    result: resultOf(town),
    requests: requests.length,
    deeds,
    end: endOf(town) ?? "no end",
    words: town.lives().flatMap(({ log }, at) => [`bot ${at + 1}`, ...log.slice(-LAST_WORDS)]),
  };
}

/** Until what is wanted is there, or nobody brings it any more. */
async function settle(town: Town, wanted: string | null): Promise<void> {
  if (wanted === null) return await sleep(AFTERWARDS_MS / 2);
  const until = performance.now() + AFTERWARDS_MS;
  while (performance.now() < until && textOf(resultOf(town)) !== wanted) await sleep(LOOK_MS * 10);
  await sleep(QUIET_MS);
}

/** A webhook that finds nobody is not sent again by GitHub itself; the bot would ask for it within ten minutes. */
async function askUntilHeard(town: Town): Promise<void> {
  await town.listening();
  await town.ask();
}

const placeFor = (key: string): Place =>
  pick<Place>(asked.seed, `${key} place`, [
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

interface Series {
  calm: Played;
  left: Record<Signal, number>;
  done: Record<Signal, number>;
  runs: number;
  different: number;
  above: number;
}

/** Takes of what is left to be done for one run after the other, until nothing is. */
async function playSeries(series: Series): Promise<void> {
  const { calm, left, done } = series;
  const wanted = textOf(calm.result);
  while (left.SIGKILL + left.SIGTERM > 0) {
    const run = (series.runs += 1);
    const signal: Signal = left.SIGKILL > 0 ? "SIGKILL" : "SIGTERM";
    const signals = Array.from({ length: Math.min(OF_ONE_RUN, left[signal]) }, () => signal);
    left[signal] -= signals.length;
    const begun = performance.now();
    const played = await playRun(signals, { key: `run ${run}`, wanted }).catch((error: unknown) => {
      series.different += 1;
      say(`run ${run} of seed ${asked.seed} could not be played: ${String(error)}`);
      return null;
    });
    if (played === null) continue;
    const seconds = Math.round((performance.now() - begun) / 1_000);
    // It may have ended before all of them.
    left[signal] += signals.length - played.deeds.length;
    done[signal] += played.deeds.length;
    const above = played.requests - calm.requests;
    series.above += above;
    const isSame = textOf(played.result) === wanted;
    series.different += isSame ? 0 : 1;
    say(
      `run ${run} (${seconds} s): ${played.deeds.join("; ")}: ${isSame ? "the same" : "ANOTHER RESULT"}, ${above} requests above`,
    );
    if (!isSame)
      say(
        `${played.end}: ${JSON.stringify(played.result, null, 1)}\ninstead of\n${JSON.stringify(calm.result, null, 1)}\n${played.words.join("\n")}`,
      );
  }
}

async function main(): Promise<number> {
  const begun = performance.now();
  const calm = await playRun([], { key: "calm", wanted: null });
  say(`undisturbed: ${calm.end}, ${calm.requests} requests`);
  const series: Series = {
    calm,
    left: { SIGKILL: asked.kills, SIGTERM: asked.terms },
    done: { SIGKILL: 0, SIGTERM: 0 },
    runs: 0,
    different: 0,
    above: 0,
  };
  const lanes = Array.from({ length: asked.atOnce }, () => playSeries(series));
  await Promise.all(lanes);
  const { done, runs, different, above } = series;
  const each = (performance.now() - begun) / 1_000 / Math.max(1, done.SIGKILL + done.SIGTERM);
  say(
    `${done.SIGKILL} SIGKILL and ${done.SIGTERM} SIGTERM in ${runs} runs, seed ${asked.seed} on ${commitNow()}, ${each.toFixed(1)} s each: ${different} runs with another result, ${above} requests above the undisturbed ones`,
  );
  return different;
}

process.exitCode = (await main()) === 0 ? 0 : 1;
