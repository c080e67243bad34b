// Puts a streamed answer together. The SDK's own helper gives up where a tool's input is no JSON, and takes half of one for whole.

import { AnthropicError } from "@anthropic-ai/sdk";
import type {
  BetaRawMessageStreamEvent,
  BetaUsage,
} from "@anthropic-ai/sdk/resources/beta/messages/messages";
import type { RawMessageStreamEvent } from "@anthropic-ai/sdk/resources/messages";

import type { Json } from "../../agent/model.ts";
import { isRecord, toJson } from "./json.ts";

/** An event of the plain API, or of the one with beta features. */
export type AnswerEvent = RawMessageStreamEvent | BetaRawMessageStreamEvent;

/** One block as it came, and the text of a tool's input, which only the end shows to be JSON or not. */
export interface Block {
  value: { [key: string]: Json };
  inputText: string;
}

export interface Collected {
  blocks: Block[];
  stopReason: string | null;
  /** False when the answer ended before its end. */
  isWhole: boolean;
}

/** What the provider counted so far; servers leave out what they do not count. */
export type Counts = { [Name in Counted]?: BetaUsage[Name] | null };
type Counted =
  | "input_tokens"
  | "output_tokens"
  | "cache_creation_input_tokens"
  | "cache_read_input_tokens"
  | "iterations";

interface Listener {
  /** The first event is there. */
  started: () => void;
  /** Told of every change; counts are totals, not steps. */
  counted: (counts: Counts) => void;
}

/** Reads to the end. */
export async function collect(
  events: AsyncIterable<AnswerEvent>,
  { started, counted }: Listener,
): Promise<Collected> {
  const blocks = new Map<number, Block>();
  let stopReason: string | null = null;
  let isWhole = false;
  let counts: Counts = {};
  const count = (told: Counts | null | undefined): void => {
    // What is left out or null has not changed.
    const news = Object.entries(told ?? {}).filter(([, value]) => value !== null);
    counts = { ...counts, ...Object.fromEntries(news) };
    counted(counts);
  };
  let isFirst = true;
  for await (const event of overTheWire(events)) {
    if (isFirst) started();
    isFirst = false;
    if (event.type === "message_start") count(event.message.usage);
    else if (event.type === "message_delta") {
      stopReason = event.delta.stop_reason ?? stopReason;
      count(event.usage);
    } else if (event.type === "content_block_start") {
      blocks.set(event.index, opened(event.content_block));
    } else if (event.type === "content_block_delta") grow(blocks.get(event.index), event.delta);
    else if (event.type === "message_stop") isWhole = true;
  }
  return { blocks: [...blocks.values()], stopReason, isWhole };
}

/** What breaks on the way is the vendor's kind of error, as it is everywhere else; what the reader throws is not. */
async function* overTheWire(events: AsyncIterable<AnswerEvent>): AsyncIterable<AnswerEvent> {
  try {
    yield* events;
  } catch (cause) {
    if (cause instanceof AnthropicError) throw cause;
    const message = cause instanceof Error ? cause.message : String(cause);
    throw Object.assign(new AnthropicError(message), { cause });
  }
}

function opened(block: object): Block {
  const value = toJson(block);
  return { value: isRecord(value) ? value : {}, inputText: "" };
}

type Delta = Extract<AnswerEvent, { type: "content_block_delta" }>["delta"];

/** A kind of delta that nobody knows yet changes nothing. */
function grow(block: Block | undefined, delta: Delta): void {
  if (block === undefined) return;
  const { value } = block;
  const longer = (key: string, more: string): void => {
    const before = value[key];
    value[key] = `${typeof before === "string" ? before : ""}${more}`;
  };
  switch (delta.type) {
    case "text_delta":
      return longer("text", delta.text);
    case "thinking_delta":
      return longer("thinking", delta.thinking);
    case "input_json_delta":
      block.inputText += delta.partial_json;
      return;
    case "citations_delta":
      value["citations"] = [...listIn(value["citations"]), toJson(delta.citation)];
      return;
    case "signature_delta":
    case "compaction_delta": {
      const { type: _kind, ...final } = delta;
      Object.assign(value, toJson(final));
    }
  }
}

const listIn = (value: Json | undefined): Json[] => (Array.isArray(value) ? value : []);
