// A fan-out against a provider that keeps its limits, and one against its cache: through the gate, and as the SDK alone does it.

import {
  createLimitedModel,
  type LimitedModel,
  type LimitedModelOptions,
} from "../../src/outside/memory/limited-model.ts";
import { answerAfter, bySdk, type OpenAgents, throughGate } from "./agents.ts";
import { openMessagesServer } from "./messages-server.ts";
import type { GateResult } from "./result.ts";
import type { GateSizes } from "./sizes.ts";
import { type Trouble, troubleOf } from "./troubles.ts";
import { inVirtualTime } from "./virtual-time.ts";

const MINUTE_MS = 60_000;
/** What the model says in a turn, in tokens, and how long it takes for it: about 50 tokens a second. */
const OUTPUT_TOKENS = 1200;
const SPEED = { firstByteMs: 2000, restMs: 23_000 };

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
  const { agents, turns, perMinute } = sizes;
  const limited = { agents, turns, prefixChars: sizes.prefixChars, perMinute, troubleOf };
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
  /** Left out: there is none. */
  troubleOf?: (request: number) => Trouble | null;
}

async function fanOut(load: Load, open: OpenAgents): Promise<Outcome> {
  const ownFetch = globalThis.fetch;
  try {
    const { value, ms } = await inVirtualTime(async (clock) => {
      const model = createLimitedModel({
        clock,
        ...(load.perMinute === undefined ? {} : { perMinute: load.perMinute }),
        ...SPEED,
        answer: ({ messages }) => ({
          content: answerAfter(load.turns, messages),
          outputTokens: OUTPUT_TOKENS,
        }),
      });
      const { troubleOf: trouble = () => null } = load;
      const server = openMessagesServer({ model, clock, troubleOf: trouble });
      globalThis.fetch = server.fetch;
      const play = open(clock);
      const prefix = "p".repeat(load.prefixChars);
      const ends = await Promise.all(
        Array.from({ length: load.agents }, (_, index) =>
          play({ prefix, words: `agent ${index}: do your part.` }),
        ),
      );
      const refused = model.refused + server.refused;
      return { model, refused, lost: ends.filter((isDone) => !isDone).length };
    });
    return outcomeOf(load, { ...value, ms });
  } finally {
    globalThis.fetch = ownFetch;
  }
}

function outcomeOf(
  { agents, turns, perMinute }: Load,
  { model, lost, refused, ms }: { model: LimitedModel; lost: number; refused: number; ms: number },
): Outcome {
  const needed = agents * turns;
  return {
    lost,
    refusedShare: refused / needed,
    timeOverBound: perMinute === undefined ? 0 : ms / boundMs(needed, perMinute),
    costShare: model.inputCost / model.uncachedInputCost,
  };
}

/**
 * No schedule is faster, even if nothing went wrong: a full budget at the start, then what is refilled; and the last turn
 * takes its own time.
 */
function boundMs(needed: number, perMinute: NonNullable<Load["perMinute"]>): number {
  const waitMs = (amount: number, budget: number): number =>
    (Math.max(0, amount - budget) / budget) * MINUTE_MS;
  const limited = Math.max(
    waitMs(needed, perMinute.requests),
    waitMs(needed * OUTPUT_TOKENS, perMinute.outputTokens),
  );
  return limited + SPEED.firstByteMs + SPEED.restMs;
}
