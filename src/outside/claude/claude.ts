// The model over the Anthropic SDK: one streamed turn a call, watched, metered, and its errors sorted.

import { AnthropicError } from "@anthropic-ai/sdk";

import {
  type Hearing,
  ModelError,
  type Model,
  type Price,
  type Turn,
  type TurnRequest,
} from "../../agent/model.ts";
import { classify } from "./classify.ts";
import { COMPACTION_BETA, compactionFor, withCompaction } from "./compaction.ts";
import { listenTo } from "./listen-to.ts";
import { limitsIn } from "./limits.ts";
import { createMeter, type Meter } from "./meter.ts";
import type { Reach } from "./reach.ts";
import { toParams } from "./request.ts";
import { toTurn } from "./answer.ts";
import { collect } from "./collect.ts";
import { type AnswerSchemas, openAnswerSchemas } from "./strict.ts";
import { watchForSilence, type WatchClock } from "./watchdog.ts";

export interface ClaudeOptions {
  reach: Reach;
  /** List price of a model id; null when unknown, which makes its cost unknown. */
  prices: (model: string) => Price | null;
  /** Tokens a model reads at once, where the provider sums up what lies behind; default: it never does. */
  compactedAt?: (model: string) => number | null;
  /** Whether a model only thinks before it answers when it is asked to; default: nobody asks. */
  thinksWhenAsked?: (model: string) => boolean;
  clock: WatchClock;
  /** A turn in which nothing was heard for this long, in milliseconds, counts as stalled. */
  idleMs: number;
}

/** The provider, however it is reached. It never tries again; who calls it decides that by the error's kind. */
export function createClaude(options: ClaudeOptions): Model {
  const schemas = openAnswerSchemas(options.reach);
  return {
    async turn(request, signal, hearing = {}) {
      const asked = { request, signal, hearing };
      try {
        return await takeTurn(options, schemas, asked);
      } catch (error) {
        if (!schemas.wasRefused(request, error)) throw error;
        return await takeTurn(options, schemas, asked);
      }
    },
    count: (request, signal) => countTokens(options.reach, request, signal),
  };
}

interface Asked {
  request: TurnRequest;
  signal: AbortSignal;
  hearing: Hearing;
}

async function takeTurn(
  options: ClaudeOptions,
  { strictOf }: AnswerSchemas,
  { request, signal, hearing }: Asked,
): Promise<Turn> {
  signal.throwIfAborted();
  const { reach } = options;
  const meter = createMeter(options.prices(request.model));
  const watchdog = watchForSilence(options.clock, options.idleMs);
  try {
    const about = {
      contextTokens: options.compactedAt?.(request.model) ?? null,
      asksToThink: options.thinksWhenAsked?.(request.model) ?? false,
      strictOf,
    };
    return await stream(reach, request, { meter, watchdog, signal, hearing, about });
  } catch (error) {
    const used = meter.used();
    if (signal.aborted && used !== null) hearing.spent?.(used);
    signal.throwIfAborted();
    if (watchdog.fired) throw stalled(options.idleMs, meter, error);
    throw error instanceof ModelError
      ? error
      : classify(error, { usage: used, secrets: reach.secrets });
  } finally {
    watchdog.stop();
  }
}

/** A count is a help to whoever quotes a price: where it cannot be had soon, there is none. */
const COUNT_MS = 5_000;

async function countTokens(
  { client: { messages }, ...ways }: Reach,
  request: TurnRequest,
  signal: AbortSignal,
): Promise<number | null> {
  if (messages.countTokens === undefined) return null;
  const { model, system, tools, messages: said } = toParams(request, ways);
  const asked = {
    model,
    messages: said,
    ...(system === undefined ? {} : { system }),
    ...(tools === undefined ? {} : { tools }),
  };
  try {
    const both = AbortSignal.any([signal, AbortSignal.timeout(COUNT_MS)]);
    return (await messages.countTokens(asked, { signal: both })).input_tokens;
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof AnthropicError)) throw error;
    return null;
  }
}

interface Watched {
  meter: Meter;
  watchdog: ReturnType<typeof watchForSilence>;
  signal: AbortSignal;
  hearing: Hearing;
  about: {
    contextTokens: number | null;
    asksToThink: boolean;
    strictOf: AnswerSchemas["strictOf"];
  };
}

async function stream(
  reach: Reach,
  request: TurnRequest,
  { meter, watchdog, signal, hearing, about }: Watched,
): Promise<Turn> {
  const { messages, beta } = reach.client;
  const onHeaders = (headers: Headers): void => hearing.limits?.(limitsIn(headers));
  const params = {
    ...toParams(request, reach, about.strictOf),
    ...(about.asksToThink ? { thinking: { type: "adaptive" as const } } : {}),
  };
  const compaction = compactionFor(request, about.contextTokens);
  const options = {
    signal: AbortSignal.any([signal, watchdog.signal]),
    middleware: [listenTo(watchdog.heard, onHeaders)],
  };
  // Both ways have the same events, and no type in common.
  const events =
    compaction === null
      ? await messages.create({ ...params, stream: true }, options)
      : await beta.messages.create(
          { ...params, betas: [COMPACTION_BETA], context_management: compaction, stream: true },
          options,
        );
  const collected = await collect(events, {
    started: () => hearing.streaming?.(),
    counted: (counts) => meter.count(withCompaction(counts)),
  });
  // A stream that was aborted ends as if it were over.
  options.signal.throwIfAborted();
  return toTurn(collected, meter.used());
}

function stalled(idleMs: number, meter: Meter, cause: unknown): ModelError {
  return new ModelError(
    "stalled",
    `The model's answer stopped: nothing came for ${idleMs / 1000} s. The turn was given up and can be asked again.`,
    { cause, usage: meter.used() },
  );
}
