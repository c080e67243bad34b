// The figures of the queue for people, beside what they are to be.

import { columns, most, row } from "../columns.ts";
import type { QueueResult } from "./result.ts";

/** A table in plain text; a goal that was missed is marked. */
export function queueTable({ queue }: QueueResult): string {
  const { firstAgent, rate, recovery, adding, load } = queue;
  return `${columns([
    ["from a comment to the first agent", "half", "99 of 100; the first of a repository"],
    ...firstAgent.map(({ engine, ms, firstOfRepositoryMs }) => [
      `  ${engine}`,
      `${ms.p50} ms`,
      `${ms.p99} ms; ${firstOfRepositoryMs} ms`,
    ]),
    ["one run more while many wait", "", ""],
    ...adding.map(({ engine, waiting, firstMs, p50Ms }) => [
      `  ${engine}, ${waiting} wait`,
      `${p50Ms} ms`,
      `the first time ${firstMs} ms`,
    ]),
    ["runs of 20 agents in a minute", "", "CPU of a run: bots, and GitHub with the model"],
    ...rate.map(({ workers, runsPerMinute, botCpuS, townCpuS, busyShare }) => [
      `  ${workers} ${workers === 1 ? "worker" : "workers"}`,
      `${runsPerMinute}`,
      `${botCpuS} s, ${townCpuS} s; ${Math.round(busyShare * 100)} % of the cores busy`,
    ]),
    row("handed to another one after SIGKILL, median", recovery.handedMs.p50, most(10_000, "ms")),
    row(`… the slowest of ${recovery.kills}`, recovery.handedMs.most, most(15_000, "ms")),
    row("at work again, median", recovery.goesOnMs.p50, most(15_000, "ms")),
    row("… the slowest", recovery.goesOnMs.most, most(15_000, "ms")),
    ["load of the machine, before and after", `${load.before}, ${load.after}`],
  ])}\n`;
}
