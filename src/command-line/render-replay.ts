// What `fanfold replay` prints: how it went, what another cap would have made of it, and the run's comment.

import type { KeptRun } from "../replay/kept-run.ts";
import type { Replayed } from "../replay/replay.ts";
import type { WhatIf } from "../replay/what-if.ts";
import type { RunStatus } from "../runs/record.ts";
import { many, type Paint } from "./terminal.ts";

/** One replay, as its JSON has it. */
export interface Replay {
  run: string;
  status: RunStatus;
  replay: Replayed;
  whatIf?: WhatIf;
  /** Markdown. */
  comment: string;
}

const REFUSED_SHOWN = 5;
const AT_CAP =
  " At a cap a run rests until somebody raises it, or lands it: then what is accepted is folded in.";

export function renderReplay(
  { record }: KeptRun,
  { run, status, replay, whatIf, comment }: Replay,
  paint: Paint,
): string {
  const where = `${record.repository.owner}/${record.repository.name}#${record.thread}`;
  const went = `${many(replay.calls, "answer")} from its journal; nothing was asked and nothing was paid.`;
  return [
    `${paint.bold(run)}  ${status}, ${where}`,
    went,
    replay.why,
    ...(whatIf === undefined ? [] : ["", ...renderWhatIf(record.limits.budgetUsd, whatIf)]),
    "",
    comment,
  ].join("\n");
}

function renderWhatIf(
  then: number | null,
  { capUsd, spentUsd, calls, of, refused, accepted, out, stopped, unread }: WhatIf,
): string[] {
  const before = then === null ? "without a cap" : `with its cap of ${usd(then)}`;
  if (unread !== null)
    return [
      `Under a cap of ${usd(capUsd)} instead of ${before} nobody can tell what would have come of it, since the script was not gone through to its end.`,
    ];
  const fit = `Under a cap of ${usd(capUsd)} instead of ${before}: ${usd(spentUsd)} spent, ${calls} of ${many(of, "answer")}.`;
  if (stopped === null && refused.length === 0)
    return [fit, "Everything fits: the script comes to its end."];
  const more = refused.length - REFUSED_SHOWN;
  const names = refused.slice(0, REFUSED_SHOWN).join(", ") + (more > 0 ? ` and ${more} more` : "");
  return [
    fit,
    ...(refused.length === 0 ? [] : [`Not begun: ${names}.`]),
    stopped ?? "The script comes to its end all the same.",
    `${many(accepted, "change")} accepted by then, ${out} not.${stopped === null ? "" : AT_CAP}`,
  ];
}

const usd = (amount: number): string => `$${amount.toFixed(2)}`;
