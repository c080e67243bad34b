// Small makers of what a step hands back.

import type { Performed, Usage } from "../engine/call.ts";
import { StepFailed } from "../engine/errors.ts";
import type { Json } from "../engine/json.ts";
import type { AgentReceipt, StepRecord } from "./records.ts";
import { agentsOf } from "./records.ts";

/** The script gets `value`; the journal also keeps `record` and what the record's agents used. */
export function value(result: Json, record: StepRecord): Performed {
  return { outcome: { ok: true, value: result }, record, usage: sumUsage(agentsOf(record)) };
}

/** The script gets an error it can catch, and the record is kept; without a record a step throws `StepFailed`. */
export function thrown(message: string, record: StepRecord): Performed {
  return {
    outcome: { ok: false, error: { name: StepFailed.name, message } },
    record,
    usage: sumUsage(agentsOf(record)),
  };
}

/** Tokens of every kind. */
export const tokensOf = (usage: Usage): number =>
  usage.inputTokens + usage.outputTokens + usage.cacheReadTokens + usage.cacheWriteTokens;

/** Sums agents' usage; one unknown price makes the sum's price unknown. */
export function sumUsage(agents: readonly Pick<AgentReceipt, "usage">[]): Usage {
  const sum: Usage = {
    inputTokens: 0,
    outputTokens: 0,
    cacheReadTokens: 0,
    cacheWriteTokens: 0,
    costUsd: 0,
  };
  for (const { usage } of agents) {
    sum.inputTokens += usage.inputTokens;
    sum.outputTokens += usage.outputTokens;
    sum.cacheReadTokens += usage.cacheReadTokens;
    sum.cacheWriteTokens += usage.cacheWriteTokens;
    sum.costUsd =
      sum.costUsd === null || usage.costUsd === null ? null : sum.costUsd + usage.costUsd;
  }
  return sum;
}
