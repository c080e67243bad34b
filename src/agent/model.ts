// The port to a model: one streamed turn.

/** A JSON value, as tools take and give it. */
export type Json = string | number | boolean | null | Json[] | { [key: string]: Json };

/** Tokens and money of one turn, as the provider counted them. `costUsd` is null when the price is not known. */
export interface Usage {
  /** Uncached input. */
  inputTokens: number;
  outputTokens: number;
  cacheReadTokens: number;
  cacheWriteTokens: number;
  costUsd: number | null;
}

/** US dollars per million tokens. */
export interface Rates {
  inputUsd: number;
  outputUsd: number;
  /** Entries that live five minutes. */
  cacheWriteUsd: number;
  cacheReadUsd: number;
}

/** List prices of one model. */
export interface Price extends Rates {
  /** Where a longer prompt, cached or not, makes all tokens of a request dearer. */
  beyond?: { promptTokens: number; rates: Rates };
}

/** What the tokens of a request with a prompt of this length cost. */
export function ratesAt(price: Price, promptTokens: number): Rates {
  const { beyond } = price;
  return beyond !== undefined && promptTokens > beyond.promptTokens ? beyond.rates : price;
}

/** What a model may call. `inputSchema` is JSON Schema with an object at its root. */
export interface ToolSpec {
  name: string;
  description: string;
  inputSchema: { [key: string]: Json };
  /** Its input is the agent's answer: a provider that can may hold it to the schema while it is written. */
  isAnswer?: true;
}

export interface ToolUse {
  kind: "tool-use";
  id: string;
  name: string;
  input: Json;
  /** Set when what came was no JSON object, to why; `input` is an empty one then. */
  unreadable?: string;
}

/** What a model said in one turn. `opaque` carries blocks (thinking) that must go back as they came. */
export type Spoken = { kind: "text"; text: string } | ToolUse | { kind: "opaque"; block: Json };

/** One message of a conversation, in the order they were said. */
export type Message =
  | { role: "user"; content: ({ kind: "text"; text: string } | ToolResult)[] }
  | { role: "assistant"; content: Spoken[] };

export interface ToolResult {
  kind: "tool-result";
  id: string;
  text: string;
  isError: boolean;
}

export interface TurnRequest {
  /** Full model id; aliases are resolved before. */
  model: string;
  effort: "low" | "medium" | "high" | "xhigh" | "max" | null;
  /** Constant for a role; the provider may cache it together with the tools. */
  system: string;
  tools: readonly ToolSpec[];
  messages: readonly Message[];
  /** Output tokens at most. */
  maxTokens: number;
}

/** One answer of the model. */
export interface Turn {
  content: Spoken[];
  stopReason: "end" | "tool-use" | "max-tokens" | "refusal" | "pause";
  usage: Usage;
}

/** One budget a minute as the provider states it: how much a full one holds, and what is left of it now. */
export interface ProviderBudget {
  limit: number;
  remaining: number;
}

/** The provider's limits of one model; null for those it does not state. Tokens read from a cache count to none. */
export interface ProviderLimits {
  requests: ProviderBudget | null;
  inputTokens: ProviderBudget | null;
  outputTokens: ProviderBudget | null;
}

/** Why a turn is not with the provider yet. */
export interface ModelWait {
  /** A sentence for people; null for an ordinary wait for a free place. */
  message: string | null;
  /** Milliseconds since 1970 when it is expected to go on; null when nobody can say. */
  until: number | null;
}

/** What a caller may hear while its turn is under way. */
export interface Hearing {
  /** What a try had used that led to nothing and is not the end of it, or that was aborted. */
  spent?: (used: Usage) => void;
  /** Behind a try that was paid for and led to nothing: what is asked for with the next one. It may reject, and wait. */
  again?: () => Promise<TurnRequest>;
  /** The provider took the request or refused it, and stated its limits. */
  limits?: (limits: ProviderLimits) => void;
  /** The answer begins to stream: from now on others can read the cache entries that this turn wrote. */
  streaming?: () => void;
  /** The turn waits; what it returns is called when it goes on. */
  waiting?: (wait: ModelWait) => () => void;
}

/** A model provider. Rejects with `ModelError`, or with the signal's reason when aborted. */
export interface Model {
  turn(request: TurnRequest, signal: AbortSignal, hearing?: Hearing): Promise<Turn>;
  /**
   * Input tokens of a request as the provider counts them, at no cost; null when it does not say. Left out: nobody can ask.
   */
  count?(request: TurnRequest, signal: AbortSignal): Promise<number | null>;
}

/** What went wrong at the provider, by what is to be done about it. */
export type ModelErrorKind =
  | "rate-limit"
  | "overloaded"
  | "network"
  | "stalled"
  | "spend-cap"
  | "authentication"
  | "invalid-request"
  | "context-too-long"
  /** A cap of ours on one agent: nobody was asked. */
  | "agent-cap";

export class ModelError extends Error {
  override readonly name = "ModelError";
  readonly kind: ModelErrorKind;
  /** What the provider asked us to wait, in milliseconds. */
  readonly retryAfterMs: number | null;
  /** What the provider counted before the turn broke; null when it counted nothing. */
  readonly usage: Usage | null;

  constructor(
    kind: ModelErrorKind,
    message: string,
    options: ErrorOptions & { retryAfterMs?: number | null; usage?: Usage | null } = {},
  ) {
    super(message, options);
    this.kind = kind;
    this.retryAfterMs = options.retryAfterMs ?? null;
    this.usage = options.usage ?? null;
  }

  /** Rate limits, overload and network trouble pass; the rest does not. */
  get transient(): boolean {
    return ["rate-limit", "overloaded", "network", "stalled"].includes(this.kind);
  }
}
