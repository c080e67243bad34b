// How many agents ask, and what the provider allows.

/** Counts, characters, and budgets a minute. */
export interface GateSizes {
  agents: number;
  turns: number;
  prefixChars: number;
  /** A start-tier key for the larger models: https://platform.claude.com/docs/en/api/rate-limits. */
  perMinute: { requests: number; inputTokens: number; outputTokens: number };
  /** Agents that share one long prefix. */
  siblings: number;
  sharedChars: number;
}

const startTier = { requests: 1_000, inputTokens: 2_000_000, outputTokens: 400_000 };

/** 50,000 tokens of 4 characters are shared. */
export const fullGateSizes: GateSizes = {
  agents: 300,
  turns: 4,
  prefixChars: 20_000,
  perMinute: startTier,
  siblings: 100,
  sharedChars: 200_000,
};

export const quickGateSizes: GateSizes = {
  agents: 6,
  turns: 2,
  prefixChars: 4_000,
  perMinute: { requests: 10, inputTokens: 100_000, outputTokens: 10_000 },
  siblings: 5,
  sharedChars: 8_000,
};
