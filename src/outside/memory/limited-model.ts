// A provider in memory that keeps its limits: refilled budgets a minute, refusals with a time, and a cache by the published
// rules (https://platform.claude.com/docs/en/api/rate-limits, …/build-with-claude/prompt-caching). Runs on any clock.

import { createHash } from "node:crypto";

import {
  ModelError,
  type Hearing,
  type Model,
  type ProviderBudget,
  type Turn,
  type TurnRequest,
} from "../../agent/model.ts";

const MINUTE_MS = 60_000;
const CACHE_MS = 5 * MINUTE_MS;
/** Shorter prefixes are not cached. */
const CACHED_TOKENS_MIN = 512;
const CHARS_PER_TOKEN = 4;
/** Of list prices: a five-minute write and a read, against plain input. */
const WRITE_PRICE = 1.25;
const READ_PRICE = 0.1;

interface ModelClock {
  now(): number;
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

export interface LimitedModelOptions {
  clock: ModelClock;
  /** What a minute holds, of each; left out: without limit. */
  perMinute?: { requests: number; inputTokens: number; outputTokens: number };
  /** Milliseconds to the first byte and from there to the end. */
  firstByteMs: number;
  restMs: number;
  /** What it says, and what that counts. */
  answer: (request: TurnRequest) => { content: Turn["content"]; outputTokens: number };
  /** Asked before each request is looked at; an error is what it rejects with. */
  fault?: (request: TurnRequest) => ModelError | null;
}

export interface LimitedModel extends Model {
  /** Requests taken and refused so far. */
  readonly taken: number;
  readonly refused: number;
  /** Input in units of the price of one uncached token; what it would be without a cache stands beside it. */
  readonly inputCost: number;
  readonly uncachedInputCost: number;
}

export function createLimitedModel(options: LimitedModelOptions): LimitedModel {
  const { clock, perMinute } = options;
  const now = clock.now();
  const budgets = {
    requests: openBudget(perMinute?.requests, now),
    inputTokens: openBudget(perMinute?.inputTokens, now),
    outputTokens: openBudget(perMinute?.outputTokens, now),
  };
  const cache = new Map<string, { from: number; until: number }>();
  const sums = { taken: 0, refused: 0, inputCost: 0, uncachedInputCost: 0 };
  const state: State = { options, budgets, cache, sums };
  return {
    get taken() {
      return sums.taken;
    },
    get refused() {
      return sums.refused;
    },
    get inputCost() {
      return sums.inputCost;
    },
    get uncachedInputCost() {
      return sums.uncachedInputCost;
    },
    turn: (request, signal, hearing = {}) => turn(state, request, { signal, hearing }),
  };
}

interface Budget {
  limit: number;
  level: number;
  at: number;
}

interface State {
  options: LimitedModelOptions;
  budgets: Record<"requests" | "inputTokens" | "outputTokens", Budget>;
  /** Readable from the moment its writer's answer streamed. */
  cache: Map<string, { from: number; until: number }>;
  sums: { taken: number; refused: number; inputCost: number; uncachedInputCost: number };
}

async function turn(
  state: State,
  request: TurnRequest,
  { signal, hearing }: { signal: AbortSignal; hearing: Hearing },
): Promise<Turn> {
  const { options, budgets, sums } = state;
  const { clock } = options;
  signal.throwIfAborted();
  const fault = options.fault?.(request) ?? null;
  if (fault !== null) {
    sums.refused += 1;
    throw fault;
  }
  const startedAt = clock.now();
  const input = readCache(state, request, startedAt);
  const { content, outputTokens } = options.answer(request);
  refuseAbove(state, { input, hearing }, startedAt);
  take(budgets.requests, 1);
  take(budgets.inputTokens, input.fresh + input.written);
  sums.taken += 1;
  sums.inputCost += input.fresh + input.written * WRITE_PRICE + input.read * READ_PRICE;
  sums.uncachedInputCost += input.fresh + input.written + input.read;
  hearing.limits?.(stated(state));
  await clock.sleep(options.firstByteMs, signal);
  for (const key of input.keys) {
    const from = Math.min(state.cache.get(key)?.from ?? Infinity, clock.now());
    state.cache.set(key, { from, until: startedAt + CACHE_MS });
  }
  hearing.streaming?.();
  await clock.sleep(options.restMs, signal);
  refill(budgets.outputTokens, clock.now());
  take(budgets.outputTokens, outputTokens);
  const usage = {
    inputTokens: input.fresh,
    outputTokens,
    cacheReadTokens: input.read,
    cacheWriteTokens: input.written,
    costUsd: null,
  };
  const isCalling = content.some(({ kind }) => kind === "tool-use");
  return { content, stopReason: isCalling ? "tool-use" : "end", usage };
}

/** Rejects when a budget is used up, and says when it is not any more. */
function refuseAbove(
  { budgets, sums, ...state }: State,
  { input, hearing }: { input: Input; hearing: Hearing },
  now: number,
): void {
  const needs = [
    [budgets.requests, 1],
    [budgets.inputTokens, input.fresh + input.written],
    [budgets.outputTokens, 1],
  ] as const;
  for (const [budget] of needs) refill(budget, now);
  const waits = needs.map(([budget, amount]) => waitMs(budget, amount));
  const longestMs = Math.max(...waits);
  if (longestMs <= 0) return;
  sums.refused += 1;
  hearing.limits?.(stated({ budgets, sums, ...state }));
  const seconds = Math.ceil(longestMs / 1000);
  throw new ModelError("rate-limit", "The budget of this minute is used up.", {
    retryAfterMs: seconds * 1000,
  });
}

const stated = ({ budgets, options }: State) => ({
  requests: options.perMinute === undefined ? null : toStated(budgets.requests),
  inputTokens: options.perMinute === undefined ? null : toStated(budgets.inputTokens),
  outputTokens: options.perMinute === undefined ? null : toStated(budgets.outputTokens),
});

const toStated = ({ limit, level }: Budget): ProviderBudget => ({
  limit,
  remaining: Math.max(0, Math.floor(level)),
});

interface Input {
  fresh: number;
  written: number;
  read: number;
  /** Entries that this request writes or refreshes. */
  keys: string[];
}

/** Two breakpoints, behind the system prompt and at the end; the longest entry that can be read is read. */
function readCache({ cache }: State, request: TurnRequest, now: number): Input {
  const { model, effort, tools, system, messages } = request;
  const parts = [
    JSON.stringify([model, effort, tools, system]),
    ...messages.map((message) => JSON.stringify(message)),
  ];
  const tokens = parts.map((part) => Math.ceil(part.length / CHARS_PER_TOKEN));
  const total = sum(tokens);
  const keys = parts.map((_, index) => keyOf(parts.slice(0, index + 1)));
  const isReadable = (key: string): boolean => {
    const entry = cache.get(key);
    return entry !== undefined && entry.from <= now && entry.until > now;
  };
  const hit = keys.findLastIndex(isReadable);
  const read = sum(tokens.slice(0, hit + 1));
  const breakpoints = [0, keys.length - 1].filter(
    (index) => sum(tokens.slice(0, index + 1)) >= CACHED_TOKENS_MIN,
  );
  const last = breakpoints.at(-1);
  const written = last === undefined ? 0 : Math.max(0, sum(tokens.slice(0, last + 1)) - read);
  const touched = hit === -1 ? breakpoints : [...breakpoints, hit];
  return {
    read,
    written,
    fresh: total - read - written,
    keys: touched.flatMap((index) => keys[index] ?? []),
  };
}

const sum = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0);

const keyOf = (parts: readonly string[]): string =>
  createHash("sha256").update(parts.join("\n")).digest("base64");

const openBudget = (limit = Number.POSITIVE_INFINITY, now: number): Budget => ({
  limit,
  level: limit,
  at: now,
});

function refill(budget: Budget, now: number): void {
  if (budget.limit !== Number.POSITIVE_INFINITY) {
    const gained = ((now - budget.at) / MINUTE_MS) * budget.limit;
    budget.level = Math.min(budget.limit, budget.level + gained);
  }
  budget.at = now;
}

const take = (budget: Budget, amount: number): void => {
  budget.level -= amount;
};

function waitMs({ level, limit }: Budget, amount: number): number {
  const missing = Math.min(amount, limit) - level;
  return missing <= 0 || limit === Number.POSITIVE_INFINITY ? 0 : (missing / limit) * MINUTE_MS;
}
