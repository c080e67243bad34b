// What a run came to in the end: its agents, by phase and model, beside what was expected of them. Pure.

import { sumUsage } from "../../steps/outcome.ts";
import { type AgentReceipt, agentsOf } from "../../steps/records.ts";
import { shownHash } from "../binding.ts";
import type { Publications } from "../publications.ts";
import type { RunRecord } from "../record.ts";
import { NO_PHASE } from "../view.ts";
import { code, counted, folded, inline, money, paragraphs, thousands } from "./text.ts";

/** Lost agents are named up to here; all of them are counted. */
const LOST_SHOWN = 10;

interface Charged {
  phase: string;
  receipt: AgentReceipt;
}

const chargedIn = ({ records }: Publications): Charged[] =>
  records.flatMap(({ record, phase }) =>
    agentsOf(record).map((receipt) => ({ phase: phase ?? NO_PHASE, receipt })),
  );

/** The fold at the end of a final pull request. */
export function renderReceipt({ plan }: RunRecord, publications: Publications): string {
  const charged = chargedIn(publications);
  const receipts = charged.map(({ receipt }) => receipt);
  const rows = Map.groupBy(charged, ({ phase, receipt }) => JSON.stringify([phase, receipt.model]));
  const table = [
    "| Phase | Model | Agents | Input | Cached input | Output | Cost |",
    "|---|---|---|---|---|---|---|",
    ...[...rows.values()].map(row),
  ];
  return folded(
    `Cost: ${money(sumUsage(receipts).costUsd)} for ${counted(receipts.length, "agent")}`,
    paragraphs(expected(plan), table.join("\n"), cachedShare(receipts)),
  );
}

function row(charged: readonly Charged[]): string {
  const [first] = charged;
  const usage = sumUsage(charged.map(({ receipt }) => receipt));
  // What is written to the cache is input like any other, and costs more.
  const input = usage.inputTokens + usage.cacheWriteTokens;
  const numbers = [input, usage.cacheReadTokens, usage.outputTokens].map(thousands);
  const who = [inline(first?.phase ?? "", 60), code(first?.receipt.model ?? ""), charged.length];
  return `| ${[...who, ...numbers, money(usage.costUsd)].join(" | ")} |`;
}

/** What was said before it ran, beside what it came to. */
function expected(plan: RunRecord["plan"]): string | null {
  if (plan === null || !plan.estimate.isKnown) return null;
  const { agents, lowUsd, highUsd } = plan.estimate;
  return `The plan ${code(shownHash(plan.hash))} expected ${counted(agents, "agent")} and ${money(lowUsd)} to ${money(highUsd)}.`;
}

function cachedShare(receipts: readonly AgentReceipt[]): string | null {
  const { inputTokens, cacheReadTokens, cacheWriteTokens } = sumUsage(receipts);
  const all = inputTokens + cacheReadTokens + cacheWriteTokens;
  if (all === 0) return null;
  return `${Math.round((100 * cacheReadTokens) / all)} % of the input was read from the provider's cache.`;
}

/** Items of a list about agents that came to no answer; none when all did. */
export function lostAgents(publications: Publications): string[] {
  const charged = chargedIn(publications);
  const lost = charged.filter(({ receipt }) => receipt.failure !== null);
  if (lost.length === 0) return [];
  const more = lost.length - LOST_SHOWN;
  return [
    `- **${charged.length - lost.length} of ${charged.length} agents finished**; what the others were to do is not done:`,
    ...lost
      .slice(0, LOST_SHOWN)
      .map(
        ({ receipt: { label, failure } }) =>
          `  - ${inline(label, 80)}: ${inline(failure ?? "", 200)}`,
      ),
    ...(more > 0 ? [`  - … and ${more} more`] : []),
  ];
}
