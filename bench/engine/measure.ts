// Measures the engine: every task in a fresh process, the runners by turns, medians of what came out.

import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

import { median, round } from "../statistics.ts";
import { peerFile, preparePeers } from "./peers.ts";
import type { EngineResult } from "./result.ts";
import type { Sizes } from "./sizes.ts";
import { type Task, TaskResult } from "./task.ts";

/** Every fan-out that was measured, in microseconds a call. */
export type FanOuts = readonly {
  runner: string;
  shape: string;
  calls: number;
  microsecondsPerCall: number;
}[];

export interface Measured {
  json: EngineResult;
  fanOuts: FanOuts;
  /** Why langgraph was not measured, or null. */
  withoutPeer: string | null;
}

type Say = (line: string) => void;

export async function measureEngine(
  sizes: Sizes,
  { peers, say }: { peers: boolean; say: Say },
): Promise<Measured> {
  const withoutPeer = peers ? await preparePeers(say) : "it was left out (--no-peers)";
  const { fanOuts, peaks } = await measureFanOuts(sizes, withoutPeer === null, say);
  const calls = sizes.calls[1];
  const costOf = (runner: string): number | null => {
    const costs = fanOuts.filter((one) => one.runner === runner && one.calls === calls);
    return costs.length === 0 ? null : Math.max(...costs.map((one) => one.microsecondsPerCall));
  };
  const json: EngineResult = {
    engine: {
      calls,
      microsecondsPerCall: {
        fanfold: round(costOf("fanfold") ?? 0),
        pqueue: round(costOf("pqueue") ?? 0),
        langgraph: roundOrNull(costOf("langgraph")),
      },
      ofIdeal: await measureLatency(sizes, say),
      childPeakMb: roundOrNull(peaks.childMb),
      parentPeakMb: round(peaks.parentMb),
      replayMs: {
        "1000": await measureReplay(sizes, 0, say),
        "10000": await measureReplay(sizes, 1, say),
      },
      childStartMs: await measureStart(sizes, sizes.aheadMs),
      childColdStartMs: await measureStart(sizes, null),
    },
  };
  return { json, fanOuts, withoutPeer };
}

async function measureFanOuts(sizes: Sizes, withPeer: boolean, say: Say) {
  const times = new Map<string, number[]>();
  const peaks: { childMb: number | null; parentMb: number } = { childMb: null, parentMb: 0 };
  for (const calls of sizes.calls) {
    for (let repeat = 0; repeat < sizes.repeats; repeat += 1) {
      for (const [runner, shape] of runners(withPeer)) {
        const { resultChars, aheadMs } = sizes;
        const task = { runner, shape, calls, resultChars, aheadMs };
        const result = await runFanOut(task);
        const [ms = 0] = result.ms;
        say(`${calls} calls, ${runner} ${shape}: ${Math.round(ms)} ms`);
        const name = JSON.stringify({ runner, shape, calls });
        times.set(name, [...(times.get(name) ?? []), (ms * 1_000) / calls]);
        peaks.childMb = larger(peaks.childMb, result.childPeakMb ?? null);
        peaks.parentMb = Math.max(peaks.parentMb, result.parentPeakMb ?? 0);
      }
    }
  }
  const fanOuts: FanOuts = [...times].map(([name, costs]) => ({
    ...JSON.parse(name),
    microsecondsPerCall: median(costs),
  }));
  return { fanOuts, peaks };
}

type Runner = ["fanfold" | "pqueue", "parallel" | "pipeline"] | ["langgraph", "parallel"];

function runners(withPeer: boolean): Runner[] {
  const own: Runner[] = [
    ["fanfold", "parallel"],
    ["fanfold", "pipeline"],
    ["pqueue", "parallel"],
  ];
  return withPeer ? [...own, ["langgraph", "parallel"]] : own;
}

interface FanOut {
  runner: Runner[0];
  shape: Runner[1];
  calls: number;
  resultChars: number;
  aheadMs: number;
}

async function runFanOut({ runner, ...task }: FanOut): Promise<TaskResult> {
  if (runner === "langgraph") return await start(peerFile, task);
  return await run({ kind: "fan-out", runner, ...task });
}

async function measureLatency({ latency, aheadMs }: Sizes, say: Say) {
  const { repeats, ...rest } = latency;
  const shape = { ...rest, aheadMs };
  const ofIdeal = async (atOnce: number, longTail: boolean): Promise<number> => {
    const ratios: number[] = [];
    for (let repeat = 0; repeat < repeats; repeat += 1) {
      const { ms, idealMs } = await run({ kind: "latency", atOnce, longTail, ...shape });
      ratios.push(median(ms) / (idealMs ?? 1));
    }
    const ratio = round(median(ratios), 3);
    say(
      `${shape.calls} calls, ${atOnce} at once${longTail ? ", long tail" : ""}: ${ratio} of ideal`,
    );
    return ratio;
  };
  return {
    "16": await ofIdeal(16, false),
    "64": await ofIdeal(64, false),
    longTail: await ofIdeal(16, true),
  };
}

async function measureReplay(sizes: Sizes, which: 0 | 1, say: Say): Promise<number> {
  const { calls, resultChars, aheadMs, replayRepeats: repeats } = sizes;
  const task = { calls: calls[which], resultChars, aheadMs, repeats };
  const { ms } = await run({ kind: "replay", ...task });
  say(`replay of ${calls[which]} calls: ${ms.map(Math.round).join(", ")} ms`);
  return round(median(ms));
}

async function measureStart(
  { startRepeats: repeats }: Sizes,
  aheadMs: number | null,
): Promise<number> {
  const { ms } = await run({ kind: "start", repeats, aheadMs });
  return round(median(ms));
}

const workerFile = fileURLToPath(new URL("./worker.ts", import.meta.url));

async function run(task: Task): Promise<TaskResult> {
  return await start(workerFile, task);
}

async function start(file: string, task: object): Promise<TaskResult> {
  const { stdout } = await promisify(execFile)(process.execPath, [file, JSON.stringify(task)]);
  return TaskResult.parse(JSON.parse(stdout));
}

function roundOrNull(value: number | null): number | null {
  return value === null ? null : round(value);
}

function larger(one: number | null, other: number | null): number | null {
  return one === null || other === null ? (one ?? other) : Math.max(one, other);
}
