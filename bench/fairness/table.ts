// The figures of fairness for people, one block each.

import { columns, most, row } from "../columns.ts";
import type { Fair, FairnessResult } from "./result.ts";

export function fairnessTable({ fairness }: FairnessResult): string {
  return `${fairness.map(block).join("\n\n")}\n`;
}

function block(one: Fair): string {
  return columns([
    [`ten ask ${one.name}, ${one.processes} processes`, ""],
    ["runs that ended, of the ten and of the fifty", `${one.ended}, ${one.crowdEnded}`],
    ["the ten alone, half of them and the last", `${one.aloneS.p50} s, ${one.aloneS.most} s`],
    ["… beside the fifty", `${one.besideS.p50} s, ${one.besideS.most} s`],
    ["the fifty, likewise", `${one.crowdS.p50} s, ${one.crowdS.most} s`],
    row("how much longer the worst of the ten took", one.ratioMost, most(1.5, "×")),
  ]);
}
