// The limited model behind `fetch`, as the Messages API answers, with its troubles: what the SDK and our adapter are both held against.

import { z } from "zod";

import { ModelError, type ProviderLimits, type Spoken, type Turn } from "../../src/agent/model.ts";
import type { LimitedModel } from "../../src/outside/memory/limited-model.ts";
import type { VirtualClock } from "./virtual-time.ts";
import { LATE_MS, type Trouble } from "./troubles.ts";

const Block = z.looseObject({ type: z.string(), text: z.string().optional() });
const Content = z.union([z.string(), z.array(Block)]);

const Asked = z.object({
  model: z.string(),
  max_tokens: z.int(),
  system: Content.default(""),
  tools: z.array(z.json()).default([]),
  messages: z.array(z.object({ role: z.enum(["user", "assistant"]), content: Content })),
});
type Asked = z.infer<typeof Asked>;

export interface MessagesServer {
  /** Only knows `POST /v1/messages`, streamed. */
  fetch: typeof fetch;
  /** Requests that were refused for no limit's sake. */
  readonly refused: number;
}

export interface ServerOptions {
  model: LimitedModel;
  clock: VirtualClock;
  /** By the number of the request, from 1. */
  troubleOf: (request: number) => Trouble | null;
}

export function openMessagesServer(options: ServerOptions): MessagesServer {
  const counts = { asked: 0, refused: 0 };
  return {
    get refused() {
      return counts.refused;
    },
    fetch: async (_address, init) => {
      const { body, signal } = init ?? {};
      if (typeof body !== "string") throw new TypeError("The request has no body.");
      counts.asked += 1;
      const trouble = options.troubleOf(counts.asked);
      const refusal = refusalFor(trouble);
      if (refusal !== null) {
        counts.refused += 1;
        return refusal;
      }
      const aborting = signal ?? new AbortController().signal;
      if (trouble === "slow") await options.clock.sleep(LATE_MS, aborting);
      const asked = Asked.parse(JSON.parse(body));
      return await answer(options.model, asked, { trouble, signal: aborting });
    },
  };
}

const OVERLOADED = { type: "overloaded_error", message: "Overloaded" };

function refusalFor(trouble: Trouble | null): Response | null {
  if (trouble === "overloaded") return refuse(529, OVERLOADED);
  return trouble === "limited"
    ? refuse(429, { type: "rate_limit_error", message: "Too many requests." })
    : null;
}

function refuse(
  status: number,
  error: { type: string; message: string },
  headers = new Headers({ "request-id": "req_bench" }),
): Response {
  headers.set("content-type", "application/json");
  return new Response(JSON.stringify({ type: "error", error }), { status, headers });
}

async function answer(
  model: LimitedModel,
  asked: Asked,
  { trouble, signal }: { trouble: Trouble | null; signal: AbortSignal },
): Promise<Response> {
  const headers = new Headers({ "request-id": "req_bench" });
  const streaming = Promise.withResolvers<void>();
  const turn = model.turn(
    {
      model: asked.model,
      effort: null,
      // What stands before the messages is one text to the cache.
      system: `${JSON.stringify(asked.tools)}${plain(asked.system)}`,
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
    const { message, retryAfterMs } = error;
    if (retryAfterMs !== null) headers.set("retry-after", String(Math.ceil(retryAfterMs / 1000)));
    return refuse(429, { type: "rate_limit_error", message }, headers);
  }
  headers.set("content-type", "text/event-stream");
  return new Response(eventsOf(turn, trouble), { status: 200, headers });
}

/** Marks of the cache stand at other places in each request and are no part of what is cached. */
const plain = (content: z.infer<typeof Content>): string =>
  typeof content === "string"
    ? content
    : content.map((block) => block.text ?? JSON.stringify(omit(block, "cache_control"))).join("");

const omit = (block: object, name: string): object =>
  Object.fromEntries(Object.entries(block).filter(([key]) => key !== name));

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

type Event = { type: string; [key: string]: unknown };

/** The first event when the model begins, the rest when it has ended, as far as the trouble lets it. */
function eventsOf(turn: Promise<Turn>, trouble: Trouble | null): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  const wire = (event: Event): Uint8Array =>
    encoder.encode(`event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`);
  return new ReadableStream({
    async start(controller) {
      controller.enqueue(wire({ type: "message_start", message: EMPTY }));
      const { content, usage, stopReason } = await turn;
      for (const event of content.flatMap((part, index) => eventsOfPart(part, index, trouble)))
        controller.enqueue(wire(event));
      if (trouble === "cut") return controller.error(new TypeError("terminated"));
      if (trouble === "error-event") controller.enqueue(wire({ type: "error", error: OVERLOADED }));
      else if (trouble !== "endless") {
        const counts = {
          input_tokens: usage.inputTokens,
          cache_creation_input_tokens: usage.cacheWriteTokens,
          cache_read_input_tokens: usage.cacheReadTokens,
          output_tokens: usage.outputTokens,
        };
        const reason = stopReason === "tool-use" ? "tool_use" : "end_turn";
        const delta = { stop_reason: reason, stop_sequence: null };
        controller.enqueue(wire({ type: "message_delta", delta, usage: counts }));
        controller.enqueue(wire({ type: "message_stop" }));
      }
      controller.close();
    },
  });
}

function eventsOfPart(part: Spoken, index: number, trouble: Trouble | null): Event[] {
  const around = (block: object, delta: object): Event[] => [
    { type: "content_block_start", index, content_block: block },
    { type: "content_block_delta", index, delta },
    { type: "content_block_stop", index },
  ];
  if (part.kind === "text")
    return around({ type: "text", text: "" }, { type: "text_delta", text: part.text });
  if (part.kind === "opaque") return [];
  const { id, name, input } = part;
  const json = JSON.stringify(input);
  // A call of which only the first half was written.
  const written = trouble === "garbled" ? json.slice(0, json.length / 2) : json;
  const delta = { type: "input_json_delta", partial_json: written };
  return around({ type: "tool_use", id, name, input: {} }, delta);
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
