// What one turn may cost before it is asked for, and how long an answer fits into what was set aside for it.

import type { Price, TurnRequest } from "../agent/model.ts";
import type { Cost } from "./till.ts";

/** Bytes of a request for each token, on the low side: prose has four and more, code three and more. */
const BYTES_PER_TOKEN = 2;
/** An answer that is cut off sooner than this is not worth its input. */
const LEAST_ANSWER_TOKENS = 2_000;
const TOKENS_PER_PRICE = 1_000_000;

/** Null without a price: nothing can be set aside then. The whole input may have to be written to the cache. */
export function costOfTurn(request: TurnRequest, price: Price | null): Cost | null {
  if (price === null) return null;
  const input = inputUsd(request, price);
  const answer = (tokens: number): number => (tokens * price.outputUsd) / TOKENS_PER_PRICE;
  return {
    leastUsd: input + answer(Math.min(LEAST_ANSWER_TOKENS, request.maxTokens)),
    mostUsd: input + answer(request.maxTokens),
  };
}

/** The same request with an answer that costs no more than what was set aside. */
export function within(request: TurnRequest, usd: number, price: Price): TurnRequest {
  const left = usd - inputUsd(request, price);
  const tokens = Math.floor((left * TOKENS_PER_PRICE) / price.outputUsd);
  return tokens >= request.maxTokens ? request : { ...request, maxTokens: Math.max(1, tokens) };
}

function inputUsd({ system, tools, messages }: TurnRequest, price: Price): number {
  const bytes = Buffer.byteLength(JSON.stringify([system, tools, messages]));
  const usd = Math.max(price.inputUsd, price.cacheWriteUsd);
  return ((bytes / BYTES_PER_TOKEN) * usd) / TOKENS_PER_PRICE;
}
