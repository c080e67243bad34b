// How findings came and went over the last reports, in a line and in a small table. Pure.

import { code, counted, folded, paragraphs } from "../../runs/render/text.ts";
import type { Round } from "../ledger.ts";

const BARS = ["▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"];
const SHOWN = 12;

/** One bar a report, in proportion to the most there were. */
export function sparkline(counts: readonly number[]): string {
  const most = Math.max(1, ...counts);
  return counts
    .map((count) => BARS[Math.ceil((count / most) * (BARS.length - 1))] ?? BARS[0])
    .join("");
}

/** Null before there is something to compare. */
export function renderTrend(rounds: readonly Round[]): string | null {
  if (rounds.length < 2) return null;
  const shown = rounds.slice(-SHOWN);
  const open = shown.map((round) => round.open);
  const rows = shown
    .toReversed()
    .map(
      ({ at, open: now, fresh, gone, dismissed, read, inScope, isWhole, costUsd }) =>
        `| ${new Date(at).toISOString().slice(0, 10)}${isWhole ? "" : " (in part)"} | ${now} | ${signed(fresh, "+")} | ${signed(gone, "−")} | ${dismissed} | ${read === null ? "–" : `${read} of ${inScope}`} | ${costUsd === null ? "–" : `$${costUsd.toFixed(2)}`} |`,
    );
  const table = [
    "| Report | Open | New | Gone | Dismissed | Files read | Cost |",
    "|---|--:|--:|--:|--:|--:|--:|",
    ...rows,
  ].join("\n");
  const bars = code(sparkline(open));
  const line = `**Open findings** over ${counted(shown.length, "report")}: ${bars} ${open[0]} → ${open.at(-1)}`;
  return paragraphs(line, folded("In numbers", table));
}

const signed = (count: number, sign: string): string => (count === 0 ? "0" : `${sign}${count}`);
