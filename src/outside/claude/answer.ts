// The Messages API's answer into our words.

import type { BetaStopReason } from "@anthropic-ai/sdk/resources/beta/messages/messages";
import type { StopReason } from "@anthropic-ai/sdk/resources/messages";
import { z } from "zod";

import {
  type Json,
  ModelError,
  type Spoken,
  type ToolUse,
  type Turn,
  type Usage,
} from "../../agent/model.ts";
import type { Block, Collected } from "./collect.ts";
import { isRecord } from "./json.ts";

/** A finished answer as a turn. Rejects one that is none with `ModelError`. */
export function toTurn({ blocks, stopReason, isWhole }: Collected, usage: Usage | null): Turn {
  if (!isWhole || stopReason === null || usage === null) throw cutOff(usage);
  return { content: blocks.map(toSpoken), stopReason: toStopReason(stopReason, usage), usage };
}

const Text = z.object({ type: z.literal("text"), text: z.string() });
const Called = z.object({
  type: z.literal("tool_use"),
  id: z.string(),
  name: z.string(),
  input: z.json().optional(),
});

function toSpoken({ value, inputText }: Block): Spoken {
  const text = Text.safeParse(value);
  if (text.success) return { kind: "text", text: text.data.text };
  const called = Called.safeParse(value);
  if (!called.success) return { kind: "opaque", block: value };
  const { id, name, input = {} } = called.data;
  return { kind: "tool-use", id, name, ...inputOf(inputText, input) };
}

/** The provider takes nothing but an object back, so what is none leaves an empty one behind. */
function inputOf(text: string, given: Json): Pick<ToolUse, "input" | "unreadable"> {
  const read = text === "" ? { value: given } : parse(text);
  if ("mistake" in read) return { input: {}, unreadable: `it is not JSON: ${read.mistake}` };
  return isRecord(read.value)
    ? { input: read.value }
    : { input: {}, unreadable: "it is not a JSON object" };
}

function parse(text: string): { value: Json } | { mistake: string } {
  try {
    return { value: z.json().parse(JSON.parse(text)) };
  } catch (error) {
    return { mistake: error instanceof Error ? error.message : String(error) };
  }
}

const stopReasons: ReadonlyMap<string, Turn["stopReason"]> = new Map(
  Object.entries({
    end_turn: "end",
    stop_sequence: "end",
    tool_use: "tool-use",
    max_tokens: "max-tokens",
    refusal: "refusal",
    pause_turn: "pause",
    // Only when asked to stop there, which we do not.
    compaction: "pause",
  } as const satisfies Record<
    Exclude<StopReason | BetaStopReason, "model_context_window_exceeded">,
    Turn["stopReason"]
  >),
);

function toStopReason(reason: string, usage: Usage): Turn["stopReason"] {
  if (reason === "model_context_window_exceeded")
    throw new ModelError(
      "context-too-long",
      "The conversation has filled the model's context. Give the agent a smaller task.",
      { usage },
    );
  // Of a reason that is not known yet, what was said decides.
  return stopReasons.get(reason) ?? "end";
}

function cutOff(usage: Usage | null): ModelError {
  return new ModelError(
    "network",
    "The model's answer ended before its end. The turn can be asked again.",
    { usage },
  );
}
