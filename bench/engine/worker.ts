// One measurement in a process of its own: the task as JSON in the arguments, the result as JSON on standard output.

import { setTimeout as sleep } from "node:timers/promises";

import PQueue from "p-queue";

import type { Performed } from "../../src/engine/call.ts";
import { createEarlySandboxes } from "../../src/engine/sandbox/early-sandboxes.ts";
import type { Sandbox } from "../../src/engine/sandbox.ts";
import { execute, type House, openHouse } from "./house.ts";
import { idealMs, latencies } from "./latencies.ts";
import { childPeakMb, peakMb } from "./memory.ts";
import { fanOutScript } from "./scripts.ts";
import type { Task, TaskResult } from "./task.ts";

// The parent is this repository's own benchmark.
const task: Task = JSON.parse(process.argv[2] ?? "");
process.stdout.write(`${JSON.stringify(await perform(task))}\n`);

async function perform(task: Task): Promise<TaskResult> {
  switch (task.kind) {
    case "fan-out":
      return task.runner === "fanfold" ? await fanOut(task) : await queueOnly(task);
    case "latency":
      return await withLatency(task);
    case "replay":
      return await replay(task);
    case "start":
      return await start(task);
  }
}

async function fanOut({ shape, calls, resultChars, aheadMs }: Extract<Task, { kind: "fan-out" }>) {
  await using house = await openHouse();
  const performed = answer(resultChars);
  const source = fanOutScript(shape, calls);
  const perform = async () => performed;
  const measured = await timed(house, { source, calls, aheadMs, perform });
  return { ...measured, parentPeakMb: peakMb() };
}

async function queueOnly({ calls, resultChars }: Extract<Task, { kind: "fan-out" }>) {
  const queue = new PQueue({ concurrency: 16 });
  const performed = answer(resultChars);
  const beganMs = performance.now();
  await Promise.all(Array.from({ length: calls }, () => queue.add(async () => performed)));
  return { ms: [performance.now() - beganMs] };
}

async function withLatency({
  calls,
  atOnce,
  aheadMs,
  ...shape
}: Extract<Task, { kind: "latency" }>) {
  await using house = await openHouse();
  const waits = latencies(calls, shape);
  const queue = new PQueue({ concurrency: atOnce });
  const performed = answer(2_000);
  let next = 0;
  const { ms } = await timed(house, {
    source: fanOutScript("parallel", calls),
    calls,
    aheadMs,
    perform: async (_, signal) => {
      const waitMs = waits[next++] ?? 0;
      return await queue.add(async () => (await sleep(waitMs), performed), { signal });
    },
  });
  return { ms, idealMs: idealMs(waits, atOnce) };
}

async function replay({ calls, resultChars, repeats, aheadMs }: Extract<Task, { kind: "replay" }>) {
  await using house = await openHouse();
  const source = fanOutScript("parallel", calls);
  const performed = answer(resultChars);
  await timed(house, { source, calls, aheadMs: 0, perform: async () => performed });
  const ms: number[] = [];
  for (let repeat = 0; repeat < repeats; repeat += 1) {
    const perform = () => Promise.reject(new Error("A replay performs nothing."));
    ms.push(...(await timed(house, { source, calls, aheadMs, perform })).ms);
  }
  return { ms };
}

async function start({ repeats, aheadMs }: Extract<Task, { kind: "start" }>) {
  const ms: number[] = [];
  for (let repeat = 0; repeat < repeats; repeat += 1) {
    await using house = await openHouse();
    const run = await house.load();
    await using sandboxes = createEarlySandboxes();
    if (aheadMs !== null) {
      sandboxes.prepare();
      await sleep(aheadMs);
    }
    const beganMs = performance.now();
    const perform = async () => {
      ms.push(performance.now() - beganMs);
      return answer(10);
    };
    const source = `return await agent("a")`;
    await execute({ run, source, perform, openSandbox: sandboxes.open });
  }
  return { ms };
}

interface Timed {
  source: string;
  calls: number;
  aheadMs: number;
  perform: Parameters<typeof execute>[0]["perform"];
}

// From the journal on disk to the script's return; the child is started before, as a run does it.
async function timed(house: House, { source, calls, aheadMs, perform }: Timed) {
  let childMb: number | null = null;
  await using sandboxes = createEarlySandboxes();
  sandboxes.prepare();
  await sleep(aheadMs);
  const sandbox = await sandboxes.open();
  const close = async () => {
    childMb = childPeakMb();
    await sandbox[Symbol.asyncDispose]();
  };
  const watched: Sandbox = { ...sandbox, [Symbol.asyncDispose]: close };
  const beganMs = performance.now();
  const run = await house.load();
  const answered = await execute({ run, source, perform, openSandbox: async () => watched });
  const ms = [performance.now() - beganMs];
  if (answered !== calls)
    throw new Error(`Of ${calls} calls ${JSON.stringify(answered)} were answered.`);
  return { ms, childPeakMb: childMb };
}

function answer(chars: number): Performed {
  const text = "The function returns early when the list is empty.\n".repeat(chars / 50 + 1);
  const usage = { cacheReadTokens: 0, cacheWriteTokens: 0, costUsd: 0.01 };
  return {
    outcome: { ok: true, value: text.slice(0, chars) },
    usage: { inputTokens: 900, outputTokens: 500, ...usage },
  };
}
