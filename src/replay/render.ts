// What `/workflow replay` answers: whether a run comes to the same end, and what another cap would have made of it. Pure.

import { code, counted, inline, money, paragraphs } from "../runs/render/text.ts";
import type { KeptRun } from "./kept-run.ts";
import type { Replayed } from "./replay.ts";
import type { WhatIf } from "./what-if.ts";

const REFUSED_SHOWN = 5;

const AT_CAP =
  " At a cap a run rests until somebody raises it, or lands it: then what is accepted is folded in.";

const signs = { same: "✅", stopped: "⏹️", other: "⚠️", unread: "❔" } as const;

export function renderReplayed(
  { record }: KeptRun,
  { replayed, whatIf }: { replayed: Replayed; whatIf: WhatIf | null },
): string {
  const { kind, calls, why } = replayed;
  return paragraphs(
    `${signs[kind]} **Run ${code(record.id)} gone through again**: ${counted(calls, "answer")} from its journal; nobody was asked, and nothing was paid.`,
    inline(why, 1_000),
    whatIf === null ? null : renderWhatIf(record.limits.budgetUsd, whatIf),
  );
}

function renderWhatIf(
  then: number | null,
  { capUsd, spentUsd, calls, of, refused, accepted, out, stopped, unread }: WhatIf,
): string {
  const before = then === null ? "without a cap" : `with its cap of ${money(then)}`;
  if (unread !== null)
    return `**Under a cap of ${money(capUsd)}** instead of ${before} nobody can tell what would have come of it, since the script was not gone through to its end.`;
  const fit = `**Under a cap of ${money(capUsd)}** instead of ${before}: ${money(spentUsd)} spent, ${calls} of ${counted(of, "answer")}.`;
  if (stopped === null && refused.length === 0)
    return `${fit} Everything fits: the script comes to its end.`;
  const more = refused.length - REFUSED_SHOWN;
  const names = refused.slice(0, REFUSED_SHOWN).map((name) => code(name));
  const others = more > 0 ? ` and ${more} more` : "";
  return paragraphs(
    fit,
    names.length === 0 ? null : `Not begun: ${names.join(", ")}${others}.`,
    stopped === null ? "The script comes to its end all the same." : inline(stopped, 1_000),
    `${counted(accepted, "change")} accepted by then, ${out} not.${stopped === null ? "" : AT_CAP}`,
  );
}
