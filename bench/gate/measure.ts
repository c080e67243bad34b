// A fan-out against a provider that keeps its limits, and one against its cache: through the gate, and as the SDK alone does it.

import Anthropic from "@anthropic-ai/sdk";

import { createClaude } from "../../src/outside/claude/claude.ts";
import { reachAnthropic } from "../../src/outside/claude/reach.ts";
import { openGate } from "../../src/gate/gate.ts";
import {
  createLimitedModel,
  type LimitedModel,
  type LimitedModelOptions,
} from "../../src/outside/memory/limited-model.ts";
import { fetchFrom } from "./messages-server.ts";
import type { GateResult } from "./result.ts";
import type { GateSizes } from "./sizes.ts";
import { inVirtualTime, type VirtualClock } from "./virtual-time.ts";

const MODEL = "claude-sonnet-5-5";
const KEY = "sk-ant-bench";
const MINUTE_MS = 60_000;
const IDLE_MS = 90_000;
/** What the model says in a turn, in tokens, and how long it takes for it: about 50 tokens a second. */
const OUTPUT_TOKENS = 1200;
const SPEED = { firstByteMs: 2000, restMs: 23_000 };

/** One turn of one agent's conversation: what it was told so far, and what comes back. */
type Ask = (prefix: string, messages: string[]) => Promise<string>;
type OpenAsk = (clock: VirtualClock) => Ask;

interface Outcome {
  lost: number;
  refusedShare: number;
  timeOverBound: number;
  costShare: number;
}

export async function measureGate(
  sizes: GateSizes,
  say: (line: string) => void,
): Promise<GateResult> {
  const { agents, turns } = sizes;
  const limited = { agents, turns, prefixChars: sizes.prefixChars, perMinute: sizes.perMinute };
  say("a fan-out through the gate …");
  const gated = await fanOut(limited, throughGate);
  say("the same by the SDK with its own retries …");
  const alone = await fanOut(limited, bySdk);
  const shared = { agents: sizes.siblings, turns: 1, prefixChars: sizes.sharedChars };
  say("siblings with one prefix through the gate …");
  const warmed = await fanOut(shared, throughGate);
  say("the same all at once …");
  const stormed = await fanOut(shared, bySdk);
  return {
    gate: {
      agents,
      turns,
      ...figures(gated),
      sdkDefault: figures(alone),
      cacheCostShare: warmed.costShare,
      naiveCacheCostShare: stormed.costShare,
    },
  };
}

const figures = ({ lost, refusedShare, timeOverBound }: Outcome) => ({
  lost,
  refusedShare,
  timeOverBound,
});

interface Load {
  agents: number;
  turns: number;
  prefixChars: number;
  perMinute?: NonNullable<LimitedModelOptions["perMinute"]>;
}

async function fanOut(load: Load, open: OpenAsk): Promise<Outcome> {
  const ownFetch = globalThis.fetch;
  try {
    const { value, ms } = await inVirtualTime(async (clock) => {
      const model = createLimitedModel({
        clock,
        ...(load.perMinute === undefined ? {} : { perMinute: load.perMinute }),
        ...SPEED,
        answer: () => ({
          content: [{ kind: "text", text: "ok ".repeat(100) }],
          outputTokens: OUTPUT_TOKENS,
        }),
      });
      globalThis.fetch = fetchFrom(model);
      const ask = open(clock);
      const names = Array.from({ length: load.agents }, (_, index) => `agent ${index}`);
      const ends = await Promise.all(names.map((name) => converse(ask, load, name)));
      return { model, lost: ends.filter((isDone) => !isDone).length };
    });
    return outcomeOf(load, { ...value, ms });
  } finally {
    globalThis.fetch = ownFetch;
  }
}

/** False when the agent was lost: nobody but the layer below tries again. */
async function converse(ask: Ask, { turns, prefixChars }: Load, name: string): Promise<boolean> {
  const prefix = "p".repeat(prefixChars);
  const messages = [`${name}: do your part.`];
  for (let turn = 0; turn < turns; turn += 1) {
    try {
      messages.push(await ask(prefix, messages), `${name}: go on with ${turn}.`);
    } catch {
      return false;
    }
  }
  return true;
}

function outcomeOf(
  { agents, turns, perMinute }: Load,
  { model, lost, ms }: { model: LimitedModel; lost: number; ms: number },
): Outcome {
  const needed = agents * turns;
  return {
    lost,
    refusedShare: model.refused / needed,
    timeOverBound: perMinute === undefined ? 0 : ms / boundMs(needed, perMinute),
    costShare: model.inputCost / model.uncachedInputCost,
  };
}

/** No schedule is faster: a full budget at the start, then what is refilled; and the last turn takes its own time. */
function boundMs(needed: number, perMinute: NonNullable<Load["perMinute"]>): number {
  const waitMs = (amount: number, budget: number): number =>
    (Math.max(0, amount - budget) / budget) * MINUTE_MS;
  const limited = Math.max(
    waitMs(needed, perMinute.requests),
    waitMs(needed * OUTPUT_TOKENS, perMinute.outputTokens),
  );
  return limited + SPEED.firstByteMs + SPEED.restMs;
}

const throughGate: OpenAsk = (clock) => {
  const claude = createClaude({
    reach: reachAnthropic({ apiKey: KEY, baseUrl: null }),
    prices: () => null,
    clock,
    idleMs: IDLE_MS,
  });
  const caller = { installation: 1, run: "bench", role: "worker" } as const;
  const model = openGate({ model: claude, clock, random: Math.random }).modelFor(caller);
  return async (prefix, messages) => {
    const turn = await model.turn(
      {
        model: MODEL,
        effort: null,
        system: prefix,
        tools: [],
        messages: messages.map((text, index) => ({
          role: index % 2 === 0 ? "user" : "assistant",
          content: [{ kind: "text", text }],
        })),
        maxTokens: 4000,
      },
      new AbortController().signal,
    );
    return turn.content.map((part) => (part.kind === "text" ? part.text : "")).join("");
  };
};

const bySdk: OpenAsk = () => {
  const client = new Anthropic({ apiKey: KEY });
  const cached = { cache_control: { type: "ephemeral" } } as const;
  return async (prefix, messages) => {
    const message = await client.messages
      .stream({
        model: MODEL,
        max_tokens: 4000,
        system: [{ type: "text", text: prefix, ...cached }],
        messages: messages.map((content, index) => ({
          role: index % 2 === 0 ? "user" : "assistant",
          content,
        })),
        ...cached,
      })
      .finalMessage();
    return message.content.map((block) => (block.type === "text" ? block.text : "")).join("");
  };
};
