// Where Claude is reached: Anthropic's API or a server that speaks it, Amazon Bedrock, Google Vertex AI.

import { z } from "zod";

import { webAddress } from "./web-address.ts";

export type Provider =
  | { kind: "anthropic"; apiKey: string; baseUrl: string | null }
  /** Without a key of Bedrock's own, requests are signed with what the usual chain of AWS finds. */
  | { kind: "bedrock"; region: string; apiKey: string | null; baseUrl: string | null }
  /** With Google's application default credentials. */
  | { kind: "vertex"; region: string; projectId: string; baseUrl: string | null };

export type ReadProvider = { ok: true; provider: Provider } | { ok: false; mistakes: string[] };

const needed = (name: string, what: string) => z.string({ error: `${name} is not set. ${what}` });
const address = (name: string, example: string) =>
  webAddress(name, example).nullable().default(null);

const Variables = z.discriminatedUnion(
  "FANFOLD_PROVIDER",
  [
    z.object({
      FANFOLD_PROVIDER: z.literal("anthropic"),
      ANTHROPIC_API_KEY: needed(
        "ANTHROPIC_API_KEY",
        "Agents need a key of the Claude API, or of the server at ANTHROPIC_BASE_URL; FANFOLD_PROVIDER names other ways to Claude.",
      ),
      ANTHROPIC_BASE_URL: address("ANTHROPIC_BASE_URL", "https://api.anthropic.com"),
    }),
    z.object({
      FANFOLD_PROVIDER: z.literal("bedrock"),
      AWS_REGION: needed("AWS_REGION", "Amazon Bedrock is asked in one region, such as us-east-1."),
      AWS_BEARER_TOKEN_BEDROCK: z.string().nullable().default(null),
      ANTHROPIC_BEDROCK_BASE_URL: address(
        "ANTHROPIC_BEDROCK_BASE_URL",
        "https://bedrock-runtime.us-east-1.amazonaws.com",
      ),
    }),
    z.object({
      FANFOLD_PROVIDER: z.literal("vertex"),
      CLOUD_ML_REGION: needed(
        "CLOUD_ML_REGION",
        "Google Vertex AI is asked in one region, such as global or europe-west1.",
      ),
      ANTHROPIC_VERTEX_PROJECT_ID: needed(
        "ANTHROPIC_VERTEX_PROJECT_ID",
        "It is the id of the Google Cloud project that pays.",
      ),
      ANTHROPIC_VERTEX_BASE_URL: address(
        "ANTHROPIC_VERTEX_BASE_URL",
        "https://aiplatform.googleapis.com/v1",
      ),
    }),
  ],
  { error: "FANFOLD_PROVIDER must be anthropic, bedrock or vertex." },
);

/** Only the variables of the chosen provider are looked at. */
export function readProvider(given: Readonly<Record<string, string>>): ReadProvider {
  const parsed = Variables.safeParse({ FANFOLD_PROVIDER: "anthropic", ...given });
  if (parsed.success) return { ok: true, provider: named(parsed.data) };
  return { ok: false, mistakes: parsed.error.issues.map(({ message }) => message) };
}

function named(data: z.infer<typeof Variables>): Provider {
  switch (data.FANFOLD_PROVIDER) {
    case "anthropic":
      return {
        kind: "anthropic",
        apiKey: data.ANTHROPIC_API_KEY,
        baseUrl: data.ANTHROPIC_BASE_URL,
      };
    case "bedrock":
      return {
        kind: "bedrock",
        region: data.AWS_REGION,
        apiKey: data.AWS_BEARER_TOKEN_BEDROCK,
        baseUrl: data.ANTHROPIC_BEDROCK_BASE_URL,
      };
    case "vertex":
      return {
        kind: "vertex",
        region: data.CLOUD_ML_REGION,
        projectId: data.ANTHROPIC_VERTEX_PROJECT_ID,
        baseUrl: data.ANTHROPIC_VERTEX_BASE_URL,
      };
  }
}
