// One agent's conversation: by the loop that runs in production, through the gate; and by the SDK as it comes, without either.

import Anthropic from "@anthropic-ai/sdk";

import { runAgent } from "../../src/agent/loop.ts";
import type { Message, Turn } from "../../src/agent/model.ts";
import { openGate } from "../../src/gate/gate.ts";
import { createClaude } from "../../src/outside/claude/claude.ts";
import { reachAnthropic } from "../../src/outside/claude/reach.ts";
import { agentLimits } from "../../src/runs/agents.ts";
import type { Readable } from "../../src/repo/contract.ts";
import type { VirtualClock } from "./virtual-time.ts";

const MODEL = "claude-sonnet-5-5";
const KEY = "sk-ant-bench";
const IDLE_MS = 90_000;
const TURN_TOKENS = 4000;

/** What every agent of a fan-out begins with, and its own words. */
export interface Start {
  prefix: string;
  words: string;
}

/** Resolves false when the agent was lost. */
export type PlayAgent = (start: Start) => Promise<boolean>;
export type OpenAgents = (clock: VirtualClock) => PlayAgent;

const FILES: Readable = {
  paths: async () => ["a.ts"],
  read: async () => ({ kind: "text", text: "export const a = 1;\n" }),
  search: async () => ({ hits: [], cut: false }),
};

/** What the provider's model says after so many turns: it reads a file, and answers in its last turn. */
export function answerAfter(turns: number, messages: readonly Message[]): Turn["content"] {
  const taken = messages.filter(({ role }) => role === "assistant").length;
  if (taken + 1 >= turns) return [{ kind: "text", text: "done ".repeat(100) }];
  const id = `toolu_${taken}`;
  return [{ kind: "tool-use", id, name: "read_file", input: { path: "a.ts" } }];
}

export const throughGate: OpenAgents = (clock) => {
  const claude = createClaude({
    reach: reachAnthropic({ apiKey: KEY, baseUrl: null }),
    prices: () => null,
    clock,
    idleMs: IDLE_MS,
  });
  const gate = openGate({ model: claude, clock, random: Math.random });
  const model = gate.modelFor({ installation: 1, run: "bench", role: "worker" });
  return async ({ prefix, words }) => {
    const end = await runAgent(
      { model, clock },
      {
        role: "worker",
        task: [{ kind: "instructions", text: words }],
        extraSystem: prefix,
        files: { kind: "read-only", from: FILES },
        answer: null,
        model: MODEL,
        effort: null,
        limits: { ...agentLimits, turnOutputTokens: TURN_TOKENS },
      },
      new AbortController().signal,
    );
    return end.kind === "answered";
  };
};

export const bySdk: OpenAgents = () => {
  const client = new Anthropic({ apiKey: KEY });
  return async ({ prefix, words }) => {
    const messages: Anthropic.MessageParam[] = [{ role: "user", content: words }];
    try {
      for (;;) {
        const { content } = await client.messages.stream(asked(prefix, messages)).finalMessage();
        const calls = content.filter((block) => block.type === "tool_use");
        if (calls.length === 0) return true;
        const results = calls.map(({ id }) => ({
          type: "tool_result" as const,
          tool_use_id: id,
          content: "export const a = 1;\n",
        }));
        messages.push({ role: "assistant", content }, { role: "user", content: results });
      }
    } catch {
      return false;
    }
  };
};

function asked(prefix: string, messages: Anthropic.MessageParam[]) {
  const cached = { cache_control: { type: "ephemeral" } } as const;
  return {
    model: MODEL,
    max_tokens: TURN_TOKENS,
    system: [{ type: "text" as const, text: prefix, ...cached }],
    messages,
    ...cached,
  };
}
