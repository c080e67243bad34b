// The provider's limits as its headers state them: https://platform.claude.com/docs/en/api/rate-limits.

import { z } from "zod";

import type { ProviderBudget, ProviderLimits } from "../../agent/model.ts";

const Count = z
  .string()
  .regex(/^\d{1,15}$/)
  .transform(Number);

/** Null parts for headers that are missing or make no sense: another server may state none. */
export function limitsIn(headers: Headers): ProviderLimits {
  return {
    requests: budgetIn(headers, "requests"),
    inputTokens: budgetIn(headers, "input-tokens"),
    outputTokens: budgetIn(headers, "output-tokens"),
  };
}

function budgetIn(headers: Headers, name: string): ProviderBudget | null {
  const limit = Count.safeParse(headers.get(`anthropic-ratelimit-${name}-limit`));
  const remaining = Count.safeParse(headers.get(`anthropic-ratelimit-${name}-remaining`));
  if (!limit.success || !remaining.success || limit.data === 0) return null;
  return { limit: limit.data, remaining: remaining.data };
}
