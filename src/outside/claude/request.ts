// Our words for a turn into the Messages API's.

import type {
  ContentBlockParam,
  MessageCreateParamsBase,
  MessageParam,
  Tool,
} from "@anthropic-ai/sdk/resources/messages";

import type { Message, Spoken, ToolResult, ToolSpec, TurnRequest } from "../../agent/model.ts";
import type { Reach } from "./reach.ts";

/** The schema of an answer in the form that the server holds it to; null where it cannot. */
type StrictOf = (schema: ToolSpec["inputSchema"]) => ToolSpec["inputSchema"] | null;

const cached = { cache_control: { type: "ephemeral" } } as const;

/**
 * Request parameters with two cache breakpoints: after the system prompt (which covers the tools too) and at the end of
 * the conversation, where the provider sets it by itself or where we do.
 */
export function toParams(
  request: TurnRequest,
  { nameOf, cachesByItself }: Pick<Reach, "nameOf" | "cachesByItself">,
  strictOf: StrictOf = () => null,
): MessageCreateParamsBase {
  const messages = request.messages.flatMap(toMessage);
  return {
    model: nameOf(request.model),
    max_tokens: request.maxTokens,
    ...(request.system === ""
      ? {}
      : { system: [{ type: "text" as const, text: request.system, ...cached }] }),
    ...(request.tools.length === 0
      ? {}
      : { tools: request.tools.map((spec) => toTool(spec, strictOf)) }),
    ...(request.effort === null ? {} : { output_config: { effort: request.effort } }),
    ...(cachesByItself ? { messages, ...cached } : { messages: markedAtEnd(messages) }),
  };
}

/** The last block of the last message: what people and tools say can always bear a mark. */
function markedAtEnd(messages: readonly MessageParam[]): MessageParam[] {
  const last = messages.at(-1);
  if (last?.role !== "user" || typeof last.content === "string") return [...messages];
  const content = last.content.map((block, at) => {
    const canBear = block.type === "text" || block.type === "tool_result";
    return canBear && at === last.content.length - 1 ? { ...block, ...cached } : block;
  });
  return [...messages.slice(0, -1), { ...last, content }];
}

function toTool({ name, description, inputSchema, isAnswer }: ToolSpec, strictOf: StrictOf): Tool {
  const strict = isAnswer === true ? strictOf(inputSchema) : null;
  return {
    name,
    description,
    input_schema: { ...(strict ?? inputSchema), type: "object" },
    ...(strict === null ? {} : { strict: true }),
  };
}

function toMessage(message: Message): MessageParam[] {
  const content =
    message.role === "user" ? message.content.flatMap(toHeard) : message.content.flatMap(toSaid);
  return content.length === 0 ? [] : [{ role: message.role, content }];
}

// The API refuses empty text blocks, which models do produce.
function toText(text: string): ContentBlockParam[] {
  return text.trim() === "" ? [] : [{ type: "text", text }];
}

function toHeard(part: { kind: "text"; text: string } | ToolResult): ContentBlockParam[] {
  if (part.kind === "text") return toText(part.text);
  return [
    {
      type: "tool_result",
      tool_use_id: part.id,
      content: part.text,
      ...(part.isError ? { is_error: true } : {}),
    },
  ];
}

function toSaid(spoken: Spoken): ContentBlockParam[] {
  if (spoken.kind === "text") return toText(spoken.text);
  if (spoken.kind === "tool-use")
    return [{ type: "tool_use", id: spoken.id, name: spoken.name, input: spoken.input }];
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- it came from this very API as a block of an answer and goes back unread
  return [spoken.block as unknown as ContentBlockParam];
}
