// The Messages API's answer into our words.

import type {
  BetaContentBlock,
  BetaStopReason,
} from "@anthropic-ai/sdk/resources/beta/messages/messages";
import type { ContentBlock, StopReason } from "@anthropic-ai/sdk/resources/messages";
import { z } from "zod";

import { ModelError, type Spoken, type Turn, type Usage } from "../../agent/model.ts";

/** A message of the plain API, or of the one with beta features. */
interface Answer {
  content: readonly (ContentBlock | BetaContentBlock)[];
  stop_reason: AnyStopReason | null;
}

type AnyStopReason = StopReason | BetaStopReason;

/** A finished message as a turn. Rejects a stop that our requests cannot cause with `ModelError`. */
export function toTurn(message: Answer, usage: Usage): Turn {
  return {
    content: message.content.flatMap(toSpoken),
    stopReason: toStopReason(message.stop_reason, usage),
    usage,
  };
}

function toSpoken(block: ContentBlock | BetaContentBlock): Spoken[] {
  if (block.type === "text") return [{ kind: "text", text: block.text }];
  if (block.type === "tool_use")
    return [{ kind: "tool-use", id: block.id, name: block.name, input: toJson(block.input) }];
  return [{ kind: "opaque", block: toJson(block) }];
}

// Blocks carry hidden fields and getters of the SDK; only what JSON keeps may travel on.
function toJson(value: unknown): z.infer<ReturnType<typeof z.json>> {
  return z.json().parse(JSON.parse(JSON.stringify(value ?? null)));
}

const stopReasons = {
  end_turn: "end",
  stop_sequence: "end",
  tool_use: "tool-use",
  max_tokens: "max-tokens",
  refusal: "refusal",
  pause_turn: "pause",
  // Only when asked to stop there, which we do not.
  compaction: "pause",
} as const satisfies Record<
  Exclude<AnyStopReason, "model_context_window_exceeded">,
  Turn["stopReason"]
>;

function toStopReason(reason: AnyStopReason | null, usage: Usage): Turn["stopReason"] {
  if (reason === "model_context_window_exceeded")
    throw new ModelError(
      "context-too-long",
      "The conversation has filled the model's context. Give the agent a smaller task.",
      { usage },
    );
  if (reason === null)
    throw new ModelError(
      "network",
      "The model's answer ended without saying why. The turn can be asked again.",
      { usage },
    );
  return stopReasons[reason];
}
