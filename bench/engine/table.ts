// The figures of the engine for people: what was measured, beside what it is to be.

import { columns, least, most, row } from "../columns.ts";
import type { FanOuts } from "./measure.ts";
import type { EngineResult } from "./result.ts";

/** A table in plain text; a goal that was missed is marked. */
export function engineTable(
  { engine }: EngineResult,
  { fanOuts, withoutPeer }: { fanOuts: FanOuts; withoutPeer: string | null },
): string {
  const { microsecondsPerCall: cost, ofIdeal, replayMs } = engine;
  const ahead = cost.langgraph === null ? null : cost.langgraph / cost.fanfold;
  const rows = [
    ...fanOuts.map((one) => [
      `${one.calls} calls, ${one.runner} ${one.shape}`,
      `${one.microsecondsPerCall.toFixed(1)} µs a call`,
    ]),
    row(`${engine.calls} calls, the slower of both shapes`, cost.fanfold, most(100, "µs a call")),
    row("ahead of langgraph with SQLite", ahead, least(5, "times")),
    row("50 ms a call, 16 at once", ofIdeal["16"], most(1.03, "of ideal")),
    row("50 ms a call, 64 at once", ofIdeal["64"], most(1.06, "of ideal")),
    row("long-tailed, 16 at once", ofIdeal.longTail, most(1.05, "of ideal")),
    row("replay of the smaller fan-out", replayMs["1000"], most(50, "ms")),
    row("replay of the larger fan-out", replayMs["10000"], most(500, "ms")),
    row("child start to first call, prepared, median", engine.childStartMs, most(150, "ms")),
    ["… nothing prepared", `${engine.childColdStartMs} ms`],
    row("peak memory of the child", engine.childPeakMb, most(200, "MB")),
    ["peak memory of the parent", `${engine.parentPeakMb} MB`],
  ];
  const note = withoutPeer === null ? "" : `\nlanggraph was not measured: ${withoutPeer}\n`;
  return `${columns(rows)}\n${note}`;
}
