// What the real server refuses in a request that has the right shape: the rules between its parts.

import { blocksOf, type ContentBlock, type MessagesRequest } from "./protocol.ts";

const BREAKPOINTS_AT_MOST = 4;

/** The sentence of the refusal, or null when the request is sound. */
export function findFault(request: MessagesRequest): string | null {
  return (
    faultInTools(request) ??
    faultInBreakpoints(request) ??
    faultInOrder(request) ??
    faultInToolResults(request) ??
    faultInWarming(request)
  );
}

function faultInTools(request: MessagesRequest): string | null {
  const names = (request.tools ?? []).map((tool) => tool.name);
  if (new Set(names).size < names.length) return "tools: Tool names must be unique.";
  const uses = request.messages.flatMap(blocksOf).some((block) => block.type === "tool_use");
  if (uses && names.length === 0)
    return "Requests which include `tool_use` or `tool_result` blocks must define tools.";
  return null;
}

function faultInBreakpoints(request: MessagesRequest): string | null {
  const marked = [
    ...(request.tools ?? []),
    ...(Array.isArray(request.system) ? request.system : []),
    ...request.messages.flatMap(blocksOf),
    request,
  ].filter((part) => "cache_control" in part && part.cache_control);
  return marked.length > BREAKPOINTS_AT_MOST
    ? `A maximum of ${BREAKPOINTS_AT_MOST} blocks with cache_control may be provided. Found ${marked.length}.`
    : null;
}

function faultInOrder(request: MessagesRequest): string | null {
  if (request.messages[0]?.role !== "user")
    return 'messages: first message must use the "user" role';
  if (request.messages.at(-1)?.role !== "user")
    return "This model does not support assistant message prefill. The conversation must end with a user message.";
  return null;
}

function faultInToolResults(request: MessagesRequest): string | null {
  let open: string[] = [];
  for (const [index, message] of request.messages.entries()) {
    const blocks = blocksOf(message);
    const answered = blocks.flatMap((block) =>
      block.type === "tool_result" ? [block.tool_use_id] : [],
    );
    const missing = open.filter((id) => !answered.includes(id));
    if (missing.length > 0)
      return `messages.${index}: \`tool_use\` ids were found without \`tool_result\` blocks immediately after: ${missing.join(", ")}.`;
    const stray = answered.find((id) => !open.includes(id));
    if (stray !== undefined)
      return `messages.${index}: unexpected \`tool_use_id\` found in \`tool_result\` blocks: ${stray}.`;
    open = message.role === "assistant" ? toolUseIds(blocks) : [];
  }
  return null;
}

function toolUseIds(blocks: readonly ContentBlock[]): string[] {
  return blocks.flatMap((block) => (block.type === "tool_use" ? [block.id] : []));
}

function faultInWarming(request: MessagesRequest): string | null {
  return request.max_tokens === 0 && request.stream === true
    ? "max_tokens: 0 is not supported with stream: true."
    : null;
}
