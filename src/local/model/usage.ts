// Counts tokens the way a bill does: whole input once, split into what a cache read, what it wrote, and the rest.

import { createHash } from "node:crypto";

import { blocksOf, type CacheControl, type MessagesRequest } from "./protocol.ts";

const CHARACTERS_PER_TOKEN = 4;
/** Anthropic looks for an entry at most this many blocks before a breakpoint. */
const LOOK_BACK_BLOCKS = 20;
const TTL_MS = { "5m": 5 * 60_000, "1h": 60 * 60_000 } as const;
/** A prefix shorter than this is silently not cached; the smallest of the published minimums. */
const MINIMUM_PREFIX_TOKENS: readonly (readonly [RegExp, number])[] = [
  [/haiku-4-5|opus-4-[56]/, 4096],
  [/opus-4-7/, 2048],
  [/sonnet|opus-4-8/, 1024],
];
const MINIMUM_PREFIX_TOKENS_ELSE = 512;

/** Tokens of a text: four characters each, rounded up. */
export function tokensIn(text: string): number {
  return Math.ceil(text.length / CHARACTERS_PER_TOKEN);
}

/** Input tokens of a request, before any cache. */
export function inputTokensOf(request: Omit<MessagesRequest, "max_tokens">): number {
  return prefixesOf(request).at(-1)?.tokens ?? 0;
}

export interface CachedInput {
  input_tokens: number;
  cache_creation_input_tokens: number;
  cache_read_input_tokens: number;
}

export interface PromptCache {
  /** Splits the input at `at` (milliseconds) and refreshes what was read; `open` makes what was written readable. */
  account(request: MessagesRequest, key: string, at: number): { usage: CachedInput; open(): void };
}

/** An empty cache, as one provider account has it. Entries are readable only once a response has begun. */
export function createPromptCache(): PromptCache {
  const entries = new Map<string, number>();
  return {
    account(request, key, at) {
      const prefixes = prefixesOf(request, key);
      const total = prefixes.at(-1)?.tokens ?? 0;
      const least = minimumPrefixOf(request.model);
      const marks = prefixes.flatMap((prefix, index) =>
        prefix.ttl === null || prefix.tokens < least ? [] : [{ ...prefix, index, ttl: prefix.ttl }],
      );
      const live = (hash: string): boolean => (entries.get(hash) ?? 0) > at;
      const read = marks
        .flatMap(({ index }) => prefixes.slice(Math.max(0, index - LOOK_BACK_BLOCKS), index + 1))
        .findLast((prefix) => live(prefix.hash));
      const end = marks.at(-1)?.tokens ?? 0;
      const readTokens = Math.min(read?.tokens ?? 0, end);
      const keep = (): void => {
        for (const mark of marks) entries.set(mark.hash, at + TTL_MS[mark.ttl]);
        if (read) entries.set(read.hash, at + TTL_MS[read.ttl ?? "5m"]);
      };
      return {
        usage: {
          input_tokens: total - Math.max(end, readTokens),
          cache_creation_input_tokens: end - readTokens,
          cache_read_input_tokens: readTokens,
        },
        open: keep,
      };
    },
  };
}

function minimumPrefixOf(model: string): number {
  return (
    MINIMUM_PREFIX_TOKENS.find(([pattern]) => pattern.test(model))?.[1] ??
    MINIMUM_PREFIX_TOKENS_ELSE
  );
}

interface Prefix {
  hash: string;
  tokens: number;
  ttl: keyof typeof TTL_MS | null;
}

type Part = { cache_control?: CacheControl | null | undefined; [key: string]: unknown };

/** Every prefix of the request that ends at a block, in the cache's order: tools, system, messages. */
function prefixesOf(request: Omit<MessagesRequest, "max_tokens">, key = ""): Prefix[] {
  const parts: Part[] = [
    ...(request.tools ?? []),
    ...systemBlocks(request),
    ...request.messages.flatMap((message) =>
      blocksOf(message).map((block): Part => ({ ...block, role: message.role })),
    ),
  ];
  const hash = createHash("sha256").update(
    JSON.stringify([key, request.model, request.thinking, request.output_config]),
  );
  let tokens = 0;
  return parts.map((part, index) => {
    const text = JSON.stringify({ ...part, cache_control: undefined });
    hash.update(text);
    tokens += tokensIn(text);
    const control =
      part.cache_control ?? (index === parts.length - 1 ? request.cache_control : null);
    return { hash: hash.copy().digest("hex"), tokens, ttl: control ? (control.ttl ?? "5m") : null };
  });
}

function systemBlocks(request: Omit<MessagesRequest, "max_tokens">): Part[] {
  if (request.system === undefined) return [];
  return Array.isArray(request.system) ? request.system : [{ type: "text", text: request.system }];
}
