// The limited model behind `fetch`, as the Messages API answers: what the vendor's SDK and our adapter are both held against.

import { z } from "zod";

import { ModelError, type ProviderLimits, type Turn } from "../../src/agent/model.ts";
import type { LimitedModel } from "../../src/outside/memory/limited-model.ts";

const Text = z.union([
  z.string(),
  z.array(z.object({ type: z.literal("text"), text: z.string() })),
]);

const Asked = z.object({
  model: z.string(),
  max_tokens: z.int(),
  system: Text.default(""),
  messages: z.array(z.object({ role: z.enum(["user", "assistant"]), content: Text })),
});

/** A `fetch` that only knows `POST /v1/messages`, streamed. */
export function fetchFrom(model: LimitedModel): typeof fetch {
  return async (_address, init) => {
    const { body, signal } = init ?? {};
    if (typeof body !== "string") throw new TypeError("The request has no body.");
    return await answer(
      model,
      Asked.parse(JSON.parse(body)),
      signal ?? new AbortController().signal,
    );
  };
}

async function answer(
  model: LimitedModel,
  asked: z.infer<typeof Asked>,
  signal: AbortSignal,
): Promise<Response> {
  const headers = new Headers({ "request-id": "req_bench" });
  const streaming = Promise.withResolvers<void>();
  const turn = model.turn(
    {
      model: asked.model,
      effort: null,
      system: plain(asked.system),
      tools: [],
      messages: asked.messages.map(({ role, content }) => ({
        role,
        content: [{ kind: "text", text: plain(content) }],
      })),
      maxTokens: asked.max_tokens,
    },
    signal,
    { limits: (limits) => state(headers, limits), streaming: streaming.resolve },
  );
  try {
    await Promise.race([streaming.promise, turn]);
  } catch (error) {
    if (!(error instanceof ModelError)) throw error;
    return refuse(headers, error);
  }
  headers.set("content-type", "text/event-stream");
  return new Response(eventsOf(turn), { status: 200, headers });
}

const plain = (text: z.infer<typeof Text>): string =>
  typeof text === "string" ? text : text.map((part) => part.text).join("");

function state(headers: Headers, limits: ProviderLimits): void {
  for (const [name, budget] of [
    ["requests", limits.requests],
    ["input-tokens", limits.inputTokens],
    ["output-tokens", limits.outputTokens],
  ] as const) {
    if (budget === null) continue;
    headers.set(`anthropic-ratelimit-${name}-limit`, String(Math.floor(budget.limit)));
    headers.set(`anthropic-ratelimit-${name}-remaining`, String(budget.remaining));
  }
}

function refuse(headers: Headers, { message, retryAfterMs }: ModelError): Response {
  if (retryAfterMs !== null) headers.set("retry-after", String(Math.ceil(retryAfterMs / 1000)));
  headers.set("content-type", "application/json");
  const body = { type: "error", error: { type: "rate_limit_error", message } };
  return new Response(JSON.stringify(body), { status: 429, headers });
}

/** The first event when the model begins, the rest when it has ended. */
function eventsOf(turn: Promise<Turn>): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  const wire = (event: { type: string; [key: string]: unknown }): Uint8Array =>
    encoder.encode(`event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`);
  return new ReadableStream({
    async start(controller) {
      controller.enqueue(wire({ type: "message_start", message: EMPTY }));
      const { content, usage } = await turn;
      for (const [index, part] of content.entries()) {
        const text = part.kind === "text" ? part.text : "";
        const block = { type: "text", text: "" };
        controller.enqueue(wire({ type: "content_block_start", index, content_block: block }));
        const delta = { type: "text_delta", text };
        controller.enqueue(wire({ type: "content_block_delta", index, delta }));
        controller.enqueue(wire({ type: "content_block_stop", index }));
      }
      const counts = {
        input_tokens: usage.inputTokens,
        cache_creation_input_tokens: usage.cacheWriteTokens,
        cache_read_input_tokens: usage.cacheReadTokens,
        output_tokens: usage.outputTokens,
      };
      const delta = { stop_reason: "end_turn", stop_sequence: null };
      controller.enqueue(wire({ type: "message_delta", delta, usage: counts }));
      controller.enqueue(wire({ type: "message_stop" }));
      controller.close();
    },
  });
}

const EMPTY = {
  id: "msg_bench",
  type: "message",
  role: "assistant",
  model: "bench",
  content: [],
  stop_reason: null,
  stop_sequence: null,
  usage: {
    input_tokens: 0,
    cache_creation_input_tokens: 0,
    cache_read_input_tokens: 0,
    output_tokens: 0,
  },
};
