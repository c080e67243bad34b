// Counts a turn while it streams, so that a turn that breaks is paid for in our books too.

import type { Usage as ReportedUsage } from "@anthropic-ai/sdk/resources/messages";

import { type Price, ratesAt, type Usage } from "../../agent/model.ts";

/** What the provider counted. */
export type Counted = Pick<
  ReportedUsage,
  "input_tokens" | "output_tokens" | "cache_creation_input_tokens" | "cache_read_input_tokens"
>;

export interface Meter {
  /** The provider's counters so far; they are totals, not steps. */
  readonly count: (reported: Counted) => void;
  /** Null when the provider has not begun to count. */
  readonly used: () => Usage | null;
}

/** A meter for one turn at the given price; without a price the cost is unknown. */
export function createMeter(price: Price | null): Meter {
  let last: Counted | null = null;
  return {
    count: (reported) => {
      last = { ...reported };
    },
    used: () => (last === null ? null : toUsage(last, price)),
  };
}

function toUsage(reported: Counted, price: Price | null): Usage {
  const tokens = {
    inputTokens: reported.input_tokens,
    outputTokens: reported.output_tokens,
    cacheReadTokens: reported.cache_read_input_tokens ?? 0,
    cacheWriteTokens: reported.cache_creation_input_tokens ?? 0,
  };
  return { ...tokens, costUsd: costOf(tokens, price) };
}

function costOf(tokens: Omit<Usage, "costUsd">, price: Price | null): number | null {
  if (price === null) return null;
  const { inputTokens, outputTokens, cacheWriteTokens, cacheReadTokens } = tokens;
  const rates = ratesAt(price, inputTokens + cacheWriteTokens + cacheReadTokens);
  const dollars =
    inputTokens * rates.inputUsd +
    outputTokens * rates.outputUsd +
    cacheWriteTokens * rates.cacheWriteUsd +
    cacheReadTokens * rates.cacheReadUsd;
  return dollars / 1_000_000;
}
