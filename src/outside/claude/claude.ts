// The model over the Anthropic SDK: one streamed turn a call, watched, metered, and its errors sorted.

import Anthropic from "@anthropic-ai/sdk";

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
import { hearingFetch } from "./hearing-fetch.ts";
import { limitsIn } from "./limits.ts";
import { createMeter, type Meter } from "./meter.ts";
import { toParams } from "./request.ts";
import { toTurn } from "./answer.ts";
import { watchForSilence, type WatchClock } from "./watchdog.ts";

const PUBLIC_API = "https://api.anthropic.com";

export interface ClaudeOptions {
  apiKey: string;
  /** Another server that speaks the Messages API; default: Anthropic's own. */
  baseUrl?: string;
  /** List price of a model id; null when unknown, which makes its cost unknown. */
  prices: (model: string) => Price | null;
  /** Tokens a model reads at once, where the provider sums up what lies behind; default: it never does. */
  compactedAt?: (model: string) => number | null;
  clock: WatchClock;
  /** A turn in which nothing was heard for this long, in milliseconds, counts as stalled. */
  idleMs: number;
}

/**
 * Opens the provider. Everything it needs is passed in: the SDK reads no key, address or profile by itself. It never
 * retries; who calls it decides that by the error's kind.
 */
export function createClaude(options: ClaudeOptions): Model {
  const client = new Anthropic({
    apiKey: options.apiKey,
    baseURL: options.baseUrl ?? PUBLIC_API,
    webhookKey: null,
    maxRetries: 0,
    // It would write request bodies to standard output when an environment variable says so.
    logLevel: "off",
    // So would its tracing.
    openTelemetry: false,
  });
  return {
    async turn(request, signal, hearing = {}) {
      signal.throwIfAborted();
      const meter = createMeter(options.prices(request.model));
      const watchdog = watchForSilence(options.clock, options.idleMs);
      try {
        const contextTokens = options.compactedAt?.(request.model) ?? null;
        return await stream(client, request, { meter, watchdog, signal, hearing, contextTokens });
      } catch (error) {
        const used = meter.used();
        if (signal.aborted && used !== null) hearing.spent?.(used);
        signal.throwIfAborted();
        if (watchdog.fired) throw stalled(options.idleMs, meter, error);
        throw error instanceof ModelError
          ? error
          : classify(error, { usage: used, secret: options.apiKey });
      } finally {
        watchdog.stop();
      }
    },
  };
}

interface Watched {
  meter: Meter;
  watchdog: ReturnType<typeof watchForSilence>;
  signal: AbortSignal;
  hearing: Hearing;
  contextTokens: number | null;
}

async function stream(
  client: Anthropic,
  request: TurnRequest,
  { meter, watchdog, signal, hearing, contextTokens }: Watched,
): Promise<Turn> {
  const onHeaders = (headers: Headers): void => hearing.limits?.(limitsIn(headers));
  const listening = client.withOptions({ fetch: hearingFetch(watchdog.heard, onHeaders) });
  const params = toParams(request);
  const compaction = compactionFor(request, contextTokens);
  const options = { signal: AbortSignal.any([signal, watchdog.signal]) };
  const onStart = (): void => hearing.streaming?.();
  // Both ways have the same events, and no type in common.
  if (compaction === null) {
    const streamed = listening.messages.stream(params, options);
    streamed.once("streamEvent", onStart);
    streamed.on("streamEvent", (_event, soFar) => meter.count(soFar.usage));
    return toTurn(await streamed.finalMessage(), meter.total());
  }
  const compacting = { ...params, betas: [COMPACTION_BETA], context_management: compaction };
  const streamed = listening.beta.messages.stream(compacting, options);
  streamed.once("streamEvent", onStart);
  streamed.on("streamEvent", (_event, soFar) => meter.count(withCompaction(soFar.usage)));
  return toTurn(await streamed.finalMessage(), meter.total());
}

function stalled(idleMs: number, meter: Meter, cause: unknown): ModelError {
  return new ModelError(
    "stalled",
    `The model's answer stopped: nothing came for ${idleMs / 1000} s. The turn was given up and can be asked again.`,
    { cause, usage: meter.used() },
  );
}
