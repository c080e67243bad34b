// The figures of deliveries for people: what was measured, beside what it is to be.

import { columns, most, row } from "../columns.ts";
import type { DeliveriesResult } from "./result.ts";

/** A table in plain text; a goal that was missed is marked. */
export function deliveriesTable({ deliveries: one }: DeliveriesResult): string {
  return `${columns([
    [`${one.atOnce} deliveries at once, ${one.rounds} times`, ""],
    row("refused", one.refused, most(0, "")),
    row("answer, median", one.answerP50Ms, most(500, "ms")),
    row("answer, 99 of 100", one.answerP99Ms, most(500, "ms")),
    row("until the last one is seen to be heard", one.seenMs, most(5_000, "ms")),
    ["memory before", `${one.mbBefore} MB`],
    ["memory after each round", `${one.mbAfterRounds.join(", ")} MB`],
  ])}\n`;
}
