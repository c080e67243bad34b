// The figures of many runs at once for people: what was measured, beside what it is to be.

import { columns, most, row } from "../columns.ts";
import type { CrowdResult } from "./result.ts";

/** A table in plain text; a goal that was missed is marked. */
export function crowdTable({ crowd }: CrowdResult): string {
  return `${columns([
    [`${crowd.runs} runs at once, ${crowd.agents} agents, ${crowd.turns} turns`, ""],
    ["completed", String(crowd.completed)],
    ["time", `${crowd.seconds.toFixed(1)} s`],
    ["most memory of the bot's process", `${crowd.peakMb.toFixed(0)} MB`],
    ["CPU of the bot's process for 1,000 turns", `${crowd.cpuSecondsPer1000Turns.toFixed(1)} s`],
    ["delay of its event loop, median", `${crowd.loopDelayP50Ms.toFixed(1)} ms`],
    row("… 99 of 100", crowd.loopDelayP99Ms, most(50, "ms")),
    ["… the longest", `${crowd.loopDelayMostMs.toFixed(0)} ms`],
  ])}\n`;
}
