// The figures of fleets for people, one block each.

import { columns, most, row } from "../columns.ts";
import type { Fleet, ScaleResult } from "./result.ts";

export function scaleTable({ scale }: ScaleResult): string {
  return `${scale.map(block).join("\n\n")}\n`;
}

function block(fleet: Fleet): string {
  const { startWaitS, runS } = fleet;
  const percent = (share: number): string => `${(share * 100).toFixed(1)} %`;
  return columns([
    [
      `${fleet.name}: ${fleet.agentsPerDay} agents a day, ${fleet.processes} processes, limits of ${fleet.accounts}`,
      "",
    ],
    ["agents that ended", String(fleet.agentsEnded)],
    ["runs that ended, of those asked for", `${fleet.runsEnded} of ${fleet.runsAsked}`],
    row("lost agents", fleet.agentsLost, most(0, "")),
    ["wait for a place, p50 and p99", `${startWaitS.p50} s, ${startWaitS.p99} s`],
    ["a run from there, p50 and p99", `${runS.p50} s, ${runS.p99} s`],
    ["… alone", `${fleet.aloneS} s`],
    [
      "of the provider's output tokens, and in the busiest hour",
      `${percent(fleet.providerShare)}, ${percent(fleet.providerShareMost)}`,
    ],
    ["refused turns, of those taken", percent(fleet.refusedShare)],
    [
      "of all places, and in the busiest hour",
      `${percent(fleet.placesShare)}, ${percent(fleet.placesShareMost)}`,
    ],
    row("requests beyond GitHub's limits", fleet.beyondGitHub, most(0, "")),
    ["requests that were put off for GitHub's limits", String(fleet.putOff)],
  ]);
}
