// A way to Claude: the vendor's client for it, opened, and what is peculiar to that way.

import Anthropic, { NotFoundError } from "@anthropic-ai/sdk";

import type { ModelCheck } from "../../world/model-check.ts";

/** What all clients of the vendor have in common, as far as we use it. */
interface Client {
  messages: Pick<Anthropic["messages"], "create"> &
    Partial<Pick<Anthropic["messages"], "countTokens">>;
  beta: { messages: Pick<Anthropic["beta"]["messages"], "create"> };
}

export interface Reach {
  client: Client;
  /** The same model's id there. */
  nameOf: (model: string) => string;
  /** Whether the server keeps a whole conversation in its cache by itself, when asked to. */
  cachesByItself: boolean;
  /** Whether the server is known to hold a tool's input to its schema when asked to. */
  holdsSchemas: boolean;
  /** Asks whether a model of this id is there, for nothing. Rejects with what the vendor's client throws. */
  check: (id: string) => Promise<ModelCheck>;
  /** Taken out of every message. */
  secrets: readonly string[];
}

/** The way cannot be taken; the message says what is missing and what to type. */
export class NoWayToClaude extends Error {
  override readonly name = "NoWayToClaude";
}

/** A question that asks for nothing is answered at once, or not. */
export const checkMs = 20_000;

/** Who calls decides what is tried again; nothing is written to standard output, whatever the environment says. */
export const ourWays = { maxRetries: 0, logLevel: "off", openTelemetry: false } as const;

const PUBLIC_API = "https://api.anthropic.com";

/** Anthropic's own API, or another server that speaks it. The SDK reads no key, address or profile by itself. */
export function reachAnthropic({
  apiKey,
  baseUrl,
}: {
  apiKey: string;
  baseUrl: string | null;
}): Reach {
  const baseURL = baseUrl ?? PUBLIC_API;
  const client = new Anthropic({ ...ourWays, apiKey, baseURL, webhookKey: null });
  return {
    client,
    nameOf: (model) => model,
    check: (id) => inList(client, { id, isPublic: baseURL === PUBLIC_API }),
    cachesByItself: true,
    // Others that speak this API may know no such thing.
    holdsSchemas: baseURL === PUBLIC_API,
    secrets: [apiKey],
  };
}

/** Only of the vendor's own list it is known that what is not in it is not there. Dated ids stand for the plain ones as well. */
async function inList(
  client: Anthropic,
  { id, isPublic }: { id: string; isPublic: boolean },
): Promise<ModelCheck> {
  const others: string[] = [];
  try {
    for await (const model of client.models.list({ limit: 1_000 }, { timeout: checkMs }))
      others.push(model.id);
  } catch (error) {
    if (!(error instanceof NotFoundError)) throw error;
    return { kind: "untold", why: "the server at ANTHROPIC_BASE_URL does not list its models" };
  }
  const isThere = others.some((other) => other === id || other.replace(/-\d{8}$/u, "") === id);
  if (isThere) return { kind: "there" };
  if (isPublic) return { kind: "not-there", others };
  const some = others.slice(0, 8).join(", ");
  const why = `the server at ANTHROPIC_BASE_URL takes the key and lists ${some === "" ? "no model" : some}, but may know other names`;
  return { kind: "untold", why };
}
