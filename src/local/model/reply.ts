// What a model server can be told to answer: a message, whole or broken off, or an error.

/** A JSON value. */
export type Json = string | number | boolean | null | Json[] | { [key: string]: Json };
export type JsonObject = { [key: string]: Json };

export type ReplyBlock =
  | { type: "text"; text: string }
  | { type: "tool_use"; name: string; input: JsonObject }
  | { type: "thinking"; thinking: string; signature: string };

export type StopReason =
  | "end_turn"
  | "tool_use"
  | "max_tokens"
  | "stop_sequence"
  | "pause_turn"
  | "refusal";

/**
 * How a stream ends too early, after `events` of its events: the socket dies (`cut`), it ends cleanly without
 * `message_stop` (`end`), it falls silent until the client goes (`stall`), or an error event comes (`error`).
 */
export type Break =
  | { how: "cut" | "end" | "stall"; afterEvents: number }
  | { how: "error"; afterEvents: number; type: string; message: string };

export interface ReplyUsage {
  input_tokens: number;
  output_tokens: number;
  cache_creation_input_tokens: number;
  cache_read_input_tokens: number;
}

export interface MessageReply {
  kind: "message";
  content: readonly ReplyBlock[];
  /** Left out: `tool_use` when there is a tool call, otherwise `end_turn`. */
  stopReason?: StopReason;
  /** Replaces numbers that would be computed from the text. */
  usage?: Partial<ReplyUsage>;
  /** Streams only. */
  break?: Break;
}

export interface ErrorReply {
  kind: "error";
  status: number;
  /** Anthropic's word for it, e.g. `overloaded_error`. */
  type: string;
  message: string;
  headers?: Record<string, string>;
}

export type Reply = MessageReply | ErrorReply;

/** The errors a provider answers with, by what they are. */
export const providerError = {
  invalid: (message: string): ErrorReply => fault(400, "invalid_request_error", message),
  authentication: (): ErrorReply =>
    fault(401, "authentication_error", "x-api-key header is required"),
  notFound: (what: string): ErrorReply => fault(404, "not_found_error", what),
  tooLarge: (): ErrorReply =>
    fault(413, "request_too_large", "Request exceeds the maximum size of 32 MB"),
  rateLimit: (retryAfterSeconds?: number): ErrorReply => ({
    ...fault(429, "rate_limit_error", "This request would exceed your organization's rate limit."),
    ...(retryAfterSeconds === undefined
      ? {}
      : { headers: { "retry-after": String(retryAfterSeconds) } }),
  }),
  internal: (): ErrorReply => fault(500, "api_error", "Internal server error"),
  overloaded: (): ErrorReply => fault(529, "overloaded_error", "Overloaded"),
} as const;

function fault(status: number, type: string, message: string): ErrorReply {
  return { kind: "error", status, type, message };
}
