// Ten installations with one run each, beside one with fifty: how much longer they take than without it.

import { round } from "../statistics.ts";
import { type Ended, playDay } from "../scale/fleet.ts";
import type { Ask } from "../scale/load.ts";
import type { Scenario } from "../scale/sizes.ts";
import type { Fair, FairnessResult } from "./result.ts";

interface Case {
  name: string;
  processes: number;
  /** Of the provider's largest tier. */
  accounts: number;
  /** When the ten ask, after the fifty. */
  afterS: number;
}

const CROWD = 50;
const OTHERS = 10;
const HOURS = 2;

const cases: readonly Case[] = [
  { name: "at the same time", processes: 3, accounts: 1, afterS: 0 },
  { name: "… where the provider is what binds", processes: 3, accounts: 0.05, afterS: 0 },
  { name: "… in one process", processes: 1, accounts: 1, afterS: 0 },
  { name: "while its first runs are under way", processes: 3, accounts: 1, afterS: 100 },
  { name: "just after all places were taken", processes: 3, accounts: 1, afterS: 1 },
  { name: "… with six processes", processes: 6, accounts: 1, afterS: 1 },
];

/** One after the other; the first one alone when it is only to be shown that it works. */
export async function measureFairness(
  { isQuick }: { isQuick: boolean },
  say: (line: string) => void,
): Promise<FairnessResult> {
  const fairness: Fair[] = [];
  for (const one of isQuick ? cases.slice(0, 1) : cases) {
    say(`${one.name}: ${one.processes} processes …`);
    fairness.push(await measureOne(one));
  }
  return { fairness };
}

async function measureOne({ name, processes, accounts, afterS }: Case): Promise<Fair> {
  const scenario: Scenario = {
    name,
    installations: OTHERS + 1,
    agents: 0,
    processes,
    accounts,
    hours: HOURS,
    isSharing: true,
  };
  const others = asks(1, OTHERS, afterS * 1_000);
  const alone = tookMs((await playDay(scenario, others)).ended);
  const crowded = await playDay(scenario, [...crowd(), ...others]);
  const beside = tookMs(crowded.ended);
  const ratios = beside.map((ms, index) => ms / (alone[index] ?? Number.NaN));
  const last = crowded.ended.filter(({ installation }) => installation === 0).map(lengthOf);
  return {
    name,
    processes,
    ended: beside.length,
    crowdEnded: last.length,
    aloneS: secondsOf(alone),
    besideS: secondsOf(beside),
    crowdS: secondsOf(last),
    ratioMost: round(Math.max(...ratios), 2),
  };
}

const crowd = (): Ask[] =>
  Array.from({ length: CROWD }, (_, index) => ({
    run: `wf-${1_000 + index}`,
    installation: 0,
    at: 0,
  }));

/** One run for each installation. */
const asks = (first: number, count: number, at: number): Ask[] =>
  Array.from({ length: count }, (_, index) => ({
    run: `wf-${first + index}`,
    installation: first + index,
    at,
  }));

const lengthOf = ({ waitMs, ms }: Ended): number => waitMs + ms;

/** Of the ten, from asking to the end; shortest first. */
const tookMs = (ended: readonly Ended[]): number[] =>
  ended
    .filter(({ installation }) => installation > 0)
    .map(lengthOf)
    .toSorted((one, other) => one - other);

function secondsOf(values: readonly number[]): { p50: number; most: number } {
  const sorted = values.toSorted((one, other) => one - other);
  return {
    p50: round((sorted[Math.floor(sorted.length / 2)] ?? 0) / 1_000),
    most: round((sorted.at(-1) ?? 0) / 1_000),
  };
}
