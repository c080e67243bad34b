// A way to Claude: the vendor's client for it, opened, and what is peculiar to that way.

import Anthropic from "@anthropic-ai/sdk";

/** What all clients of the vendor have in common, as far as we use it. */
interface Client {
  messages: Pick<Anthropic["messages"], "stream">;
  beta: { messages: Pick<Anthropic["beta"]["messages"], "stream"> };
}

export interface Reach {
  client: Client;
  /** The same model's id there. */
  nameOf: (model: string) => string;
  /** Whether the server keeps a whole conversation in its cache by itself, when asked to. */
  cachesByItself: boolean;
  /** Taken out of every message. */
  secrets: readonly string[];
}

/** The way cannot be taken; the message says what is missing and what to type. */
export class NoWayToClaude extends Error {
  override readonly name = "NoWayToClaude";
}

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
  return {
    client: new Anthropic({ ...ourWays, apiKey, baseURL, webhookKey: null }),
    nameOf: (model) => model,
    cachesByItself: true,
    secrets: [apiKey],
  };
}
