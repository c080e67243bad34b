// The figures of the gate for people: what was measured, beside what it is to be.

import { columns, most, row } from "../columns.ts";
import type { GateResult } from "./result.ts";

/** A table in plain text; a goal that was missed is marked. */
export function gateTable({ gate }: GateResult): string {
  const { sdkDefault } = gate;
  return `${columns([
    [`${gate.agents} agents of ${gate.turns} turns on a start-tier key`, ""],
    row("lost agents", gate.lost, most(0, "")),
    ["… by the SDK alone", String(sdkDefault.lost)],
    row("refused requests, of those needed", gate.refusedShare, most(0.01, "")),
    ["… by the SDK alone", sdkDefault.refusedShare.toFixed(3)],
    row("time, of the least that the limits allow", gate.timeOverBound, most(1.25, "times")),
    ["… by the SDK alone, until it had given up", sdkDefault.timeOverBound.toFixed(3)],
    row("cost of a shared prefix, of that without a cache", gate.cacheCostShare, most(0.13, "")),
    ["… all at once", gate.naiveCacheCostShare.toFixed(3)],
  ])}\n`;
}
