// Long conversations: the provider sums up what lies behind, so that an agent does not end at the edge of its context.

import type { BetaContextManagementConfig } from "@anthropic-ai/sdk/resources/beta/messages/messages";

import type { TurnRequest } from "../../agent/model.ts";
import type { Counts } from "./collect.ts";
import type { Counted } from "./meter.ts";

/** https://platform.claude.com/docs/en/build-with-claude/compaction */
export const COMPACTION_BETA = "compact-2026-01-12";

/** Of the context: above this the provider sums up. What is left holds the summary's own writing and a whole answer. */
const TRIGGER_SHARE = 0.7;
/** The provider takes no smaller trigger. */
const LEAST_TRIGGER_TOKENS = 50_000;
/** Every turn pays for all that lies behind it: however much a model can read, an agent's task should not grow longer. */
const MOST_TRIGGER_TOKENS = 150_000;
/** Code is shorter a token than this; a request is asked to be summed up rather too early than too late. */
const CHARS_PER_TOKEN = 3;

/**
 * What to ask for with this request, or null while it is short: the feature is in beta, and servers that only speak the
 * plain API need not know it. Once something was summed up, every later request has to say so.
 */
export function compactionFor(
  { messages, system, tools }: TurnRequest,
  contextTokens: number | null,
): BetaContextManagementConfig | null {
  if (contextTokens === null) return null;
  const share = Math.min(MOST_TRIGGER_TOKENS, Math.floor(contextTokens * TRIGGER_SHARE));
  const triggerTokens = Math.max(LEAST_TRIGGER_TOKENS, share);
  const chars = JSON.stringify([system, tools, messages]).length;
  if (chars / CHARS_PER_TOKEN < triggerTokens && !wasCompacted(messages)) return null;
  const trigger = { type: "input_tokens" as const, value: triggerTokens };
  return { edits: [{ type: "compact_20260112", trigger }] };
}

/** The provider leaves what the summing up cost out of a turn's own counts. */
export function withCompaction(usage: Counts): Counted {
  const total = {
    input_tokens: usage.input_tokens ?? 0,
    output_tokens: usage.output_tokens ?? 0,
    cache_creation_input_tokens: usage.cache_creation_input_tokens ?? 0,
    cache_read_input_tokens: usage.cache_read_input_tokens ?? 0,
  };
  for (const iteration of usage.iterations ?? []) {
    if (iteration.type !== "compaction") continue;
    total.input_tokens += iteration.input_tokens;
    total.output_tokens += iteration.output_tokens;
    total.cache_creation_input_tokens += iteration.cache_creation_input_tokens;
    total.cache_read_input_tokens += iteration.cache_read_input_tokens;
  }
  return total;
}

function wasCompacted(messages: TurnRequest["messages"]): boolean {
  return messages.some(({ content }) =>
    content.some((part) => part.kind === "opaque" && isCompaction(part.block)),
  );
}

function isCompaction(block: unknown): boolean {
  return (
    typeof block === "object" && block !== null && "type" in block && block.type === "compaction"
  );
}
