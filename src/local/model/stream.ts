// A finished message as the events of Anthropic's stream, and as the body without streaming.

import { randomUUID } from "node:crypto";

import type {
  Break,
  JsonObject,
  MessageReply,
  ReplyBlock,
  ReplyUsage,
  StopReason,
} from "./reply.ts";

const CHARACTERS_PER_DELTA = 200;

/** One event; its name is its type. */
export type StreamEvent = JsonObject & { type: string };

export interface WholeMessage {
  id: string;
  model: string;
  content: (ReplyBlock & { id?: string })[];
  stopReason: StopReason;
  usage: ReplyUsage;
}

/** Gives a reply what only the server knows: ids and the bill. */
export function wholeMessage(reply: MessageReply, model: string, usage: ReplyUsage): WholeMessage {
  const content = reply.content.map((block) =>
    block.type === "tool_use" ? { ...block, id: newId("toolu") } : block,
  );
  const calls = content.some((block) => block.type === "tool_use");
  return {
    id: newId("msg"),
    model,
    content,
    stopReason: reply.stopReason ?? (calls ? "tool_use" : "end_turn"),
    usage,
  };
}

/** The body of an answer without streaming. */
export function bodyOf(message: WholeMessage): JsonObject {
  return {
    ...head(message),
    content: message.content.map((block) => ({ ...block })),
    stop_reason: message.stopReason,
    usage: { ...message.usage },
  };
}

/** The events of a stream, in order; each has its name in `type`. */
export function eventsOf(message: WholeMessage): StreamEvent[] {
  return [
    {
      type: "message_start",
      message: { ...head(message), usage: { ...message.usage, output_tokens: 1 } },
    },
    { type: "ping" },
    ...message.content.flatMap(blockEvents),
    {
      type: "message_delta",
      delta: { stop_reason: message.stopReason, stop_sequence: null },
      usage: { ...message.usage },
    },
    { type: "message_stop" },
  ];
}

/** What of a stream is still sent before it breaks; the break itself is the server's to do. */
export function brokenAt(events: readonly StreamEvent[], broken: Break | undefined): StreamEvent[] {
  if (!broken) return [...events];
  const sent = events.slice(0, broken.afterEvents);
  return broken.how === "error"
    ? [...sent, { type: "error", error: { type: broken.type, message: broken.message } }]
    : sent;
}

function head(message: WholeMessage): JsonObject {
  return {
    id: message.id,
    type: "message",
    role: "assistant",
    model: message.model,
    content: [],
    stop_reason: null,
    stop_sequence: null,
    usage: {},
  };
}

function blockEvents(block: WholeMessage["content"][number], index: number): StreamEvent[] {
  const start = (content_block: JsonObject): StreamEvent => ({
    type: "content_block_start",
    index,
    content_block,
  });
  const delta = (delta: JsonObject): StreamEvent => ({ type: "content_block_delta", index, delta });
  const stop: StreamEvent = { type: "content_block_stop", index };
  if (block.type === "text")
    return [
      start({ type: "text", text: "" }),
      ...pieces(block.text).map((text) => delta({ type: "text_delta", text })),
      stop,
    ];
  if (block.type === "thinking")
    return [
      start({ type: "thinking", thinking: "", signature: "" }),
      ...pieces(block.thinking).map((thinking) => delta({ type: "thinking_delta", thinking })),
      delta({ type: "signature_delta", signature: block.signature }),
      stop,
    ];
  return [
    start({ type: "tool_use", id: block.id ?? newId("toolu"), name: block.name, input: {} }),
    ...pieces(JSON.stringify(block.input)).map((partial_json) =>
      delta({ type: "input_json_delta", partial_json }),
    ),
    stop,
  ];
}

function pieces(text: string): string[] {
  const characters = Array.from(text);
  const count = Math.ceil(characters.length / CHARACTERS_PER_DELTA);
  return Array.from({ length: count }, (_, index) =>
    characters.slice(index * CHARACTERS_PER_DELTA, (index + 1) * CHARACTERS_PER_DELTA).join(""),
  );
}

function newId(prefix: string): string {
  return `${prefix}_${randomUUID().replaceAll("-", "")}`;
}
