// What is remembered of a request, so that a test can count who was asked how often.

import { createHash } from "node:crypto";

import { blocksOf, type MessagesRequest } from "./protocol.ts";
import { inputTokensOf } from "./usage.ts";

const ROLES = ["worker", "reviewer", "resolver", "synthesizer", "author"] as const;
export type PlayedRole = (typeof ROLES)[number];

export interface RecordedRequest {
  /** Milliseconds since 1970. */
  at: number;
  model: string;
  role: PlayedRole;
  /** Hash of the system prompt and the first user message: the same for all turns of one agent. */
  agent: string;
  /** Messages of the assistant that came before. */
  turn: number;
  inputTokens: number;
  outputTokens: number;
}

/** Describes a request that has just come; the output is not known yet. */
export function describe(request: MessagesRequest, at: number): RecordedRequest {
  return {
    at,
    model: request.model,
    role: roleOf(systemText(request)),
    agent: agentOf(request),
    turn: request.messages.filter((message) => message.role === "assistant").length,
    inputTokens: inputTokensOf(request),
    outputTokens: 0,
  };
}

/** The system prompt as one text. */
export function systemText(request: MessagesRequest): string {
  const { system } = request;
  if (system === undefined) return "";
  return typeof system === "string" ? system : system.map((block) => block.text).join("\n");
}

/** The role that the first line of a system prompt names; somebody else's prompt means a worker. */
export function roleOf(system: string): PlayedRole {
  const named = /^Role: (\w+)/.exec(system)?.[1];
  return ROLES.find((role) => role === named) ?? "worker";
}

function agentOf(request: MessagesRequest): string {
  const first = request.messages[0];
  const blocks = first
    ? blocksOf(first).map((block) => ({ ...block, cache_control: undefined }))
    : [];
  return createHash("sha256")
    .update(JSON.stringify([systemText(request), blocks]))
    .digest("hex")
    .slice(0, 16);
}
