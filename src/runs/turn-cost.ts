// What one turn may cost before it is asked for, and how long an answer fits into what was set aside for it.

import { type Price, ratesAt, type TurnRequest } from "../agent/model.ts";
import type { Cost } from "./till.ts";

/** Bytes of a request for each token, on the low side: prose has four and more, code three and more. */
const BYTES_PER_TOKEN = 2;
/** An answer that is cut off sooner than this is not worth its input. */
const LEAST_ANSWER_TOKENS = 2_000;
const TOKENS_PER_PRICE = 1_000_000;
const CRUMB_TOKENS = 1e-6;

/** Null without a price: nothing can be set aside then. The whole input may have to be written to the cache. */
export function costOfTurn(request: TurnRequest, price: Price | null): Cost | null {
  if (price === null) return null;
  const { inputUsd, tokenUsd } = partsOf(request, price);
  return {
    leastUsd: inputUsd + Math.min(LEAST_ANSWER_TOKENS, request.maxTokens) * tokenUsd,
    mostUsd: inputUsd + request.maxTokens * tokenUsd,
  };
}

/** The same request with an answer that costs no more than what was set aside. */
export function within(request: TurnRequest, usd: number, price: Price): TurnRequest {
  const { inputUsd, tokenUsd } = partsOf(request, price);
  // A crumb that adding and taking away left behind is no token less.
  const tokens = Math.floor((usd - inputUsd) / tokenUsd + CRUMB_TOKENS);
  return tokens >= request.maxTokens ? request : { ...request, maxTokens: Math.max(1, tokens) };
}

/** All of the input, and each token of the answer. */
function partsOf(request: TurnRequest, price: Price): { inputUsd: number; tokenUsd: number } {
  const { system, tools, messages } = request;
  const tokens = Buffer.byteLength(JSON.stringify([system, tools, messages])) / BYTES_PER_TOKEN;
  const rates = ratesAt(price, tokens);
  const usd = Math.max(rates.inputUsd, rates.cacheWriteUsd);
  return {
    inputUsd: (tokens * usd) / TOKENS_PER_PRICE,
    tokenUsd: rates.outputUsd / TOKENS_PER_PRICE,
  };
}
