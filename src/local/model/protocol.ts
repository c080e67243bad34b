// The Messages API as a request: only what the stand-in reads, checked as strictly as the real server checks it.

import { z } from "zod";

const CacheControl = z.object({
  type: z.literal("ephemeral"),
  ttl: z.enum(["5m", "1h"]).optional(),
});

const cached = { cache_control: CacheControl.nullish() };

const TextBlock = z.object({
  type: z.literal("text"),
  text: z.string().min(1, "text content blocks must be non-empty"),
  ...cached,
});

const ToolUseBlock = z.object({
  type: z.literal("tool_use"),
  id: z.string().regex(/^[a-zA-Z0-9_-]+$/),
  name: z.string(),
  input: z.record(z.string(), z.json()),
  ...cached,
});

const ToolResultBlock = z.object({
  type: z.literal("tool_result"),
  tool_use_id: z.string(),
  content: z.union([z.string(), z.array(TextBlock)]).optional(),
  is_error: z.boolean().optional(),
  ...cached,
});

const ThinkingBlock = z.looseObject({ type: z.enum(["thinking", "redacted_thinking"]) });

const ContentBlock = z.union([TextBlock, ToolUseBlock, ToolResultBlock, ThinkingBlock]);

const RequestMessage = z.object({
  role: z.enum(["user", "assistant"]),
  content: z.union([z.string().min(1), z.array(ContentBlock).min(1)]),
});

const RequestTool = z.object({
  type: z.literal("custom").optional(),
  name: z.string().regex(/^[a-zA-Z0-9_-]{1,128}$/),
  description: z.string().optional(),
  input_schema: z.looseObject({ type: z.literal("object") }),
  strict: z.boolean().optional(),
  ...cached,
});

/** A request body. Unknown fields are refused, as the real server does ("Extra inputs are not permitted"). */
export const MessagesRequest = z.strictObject({
  model: z.string().min(1),
  max_tokens: z.int().min(0),
  messages: z.array(RequestMessage).min(1),
  system: z.union([z.string(), z.array(TextBlock)]).optional(),
  tools: z.array(RequestTool).optional(),
  tool_choice: z.looseObject({ type: z.enum(["auto", "any", "tool", "none"]) }).optional(),
  stream: z.boolean().optional(),
  stop_sequences: z.array(z.string()).optional(),
  metadata: z.looseObject({}).optional(),
  thinking: z.looseObject({ type: z.string() }).optional(),
  output_config: z.looseObject({}).optional(),
  cache_control: CacheControl.nullish(),
  service_tier: z.string().optional(),
  diagnostics: z.looseObject({}).optional(),
});
export type MessagesRequest = z.infer<typeof MessagesRequest>;

/** What count_tokens takes: the same without the parts that only concern the answer. */
export const CountRequest = MessagesRequest.omit({ max_tokens: true, stream: true });

export type RequestMessage = z.infer<typeof RequestMessage>;
export type ContentBlock = z.infer<typeof ContentBlock>;
export type CacheControl = z.infer<typeof CacheControl>;

/** The blocks of a message, whichever of the two forms it was sent in. */
export function blocksOf(message: RequestMessage): ContentBlock[] {
  return typeof message.content === "string"
    ? [{ type: "text", text: message.content }]
    : message.content;
}
