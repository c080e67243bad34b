// Claude in Amazon Bedrock and in Google Vertex AI: the vendor's own packages, loaded only when they are chosen.

import { BadRequestError, NotFoundError } from "@anthropic-ai/sdk";

import type { ModelCheck } from "../../world/model-check.ts";
import { checkMs, NoWayToClaude, ourWays, type Reach } from "./reach.ts";

interface Bedrock {
  region: string;
  /** Null: signed with what the usual chain of AWS finds. */
  apiKey: string | null;
  baseUrl: string | null;
}

interface Vertex {
  region: string;
  projectId: string;
  baseUrl: string | null;
}

/** Bedrock's ids carry whose model it is and where it may run; the plain ones of Claude run anywhere. */
const BEDROCK_PREFIX = "global.anthropic.";
const VERTEX_PACKAGES = "@anthropic-ai/vertex-sdk@1 google-auth-library@10";
const GOOGLE_SCOPE = "https://www.googleapis.com/auth/cloud-platform";

/** Rejects with `NoWayToClaude` when the package is not installed. Credentials are looked for with the first request. */
export async function reachBedrock({ region, apiKey, baseUrl }: Bedrock): Promise<Reach> {
  const { AnthropicBedrock } = await installed(
    "@anthropic-ai/bedrock-sdk@1",
    () => import("@anthropic-ai/bedrock-sdk"),
  );
  const client = new AnthropicBedrock({
    ...ourWays,
    apiKey,
    awsRegion: region,
    baseURL: baseUrl ?? `https://bedrock-runtime.${region}.amazonaws.com`,
  });
  return {
    client,
    nameOf: (model) => (model.startsWith("claude-") ? `${BEDROCK_PREFIX}${model}` : model),
    check: (id) =>
      refusedAsEmpty(
        client.messages.create({ model: id, max_tokens: 1, messages: [] }, { timeout: checkMs }),
      ),
    cachesByItself: false,
    holdsSchemas: false,
    secrets: apiKey === null ? [] : [apiKey],
  };
}

/** Rejects with `NoWayToClaude` when a package is not installed, or Google finds no credentials here. */
export async function reachVertex({ region, projectId, baseUrl }: Vertex): Promise<Reach> {
  const { AnthropicVertex } = await installed(
    VERTEX_PACKAGES,
    () => import("@anthropic-ai/vertex-sdk"),
  );
  const client = new AnthropicVertex({
    ...ourWays,
    region,
    projectId,
    authClient: await googleCredentials(projectId),
    ...(baseUrl === null ? {} : { baseURL: baseUrl }),
  });
  return {
    client,
    nameOf: (model) => model,
    check: (model) =>
      counted(
        client.messages.countTokens(
          { model, messages: [{ role: "user", content: "Hello" }] },
          { timeout: checkMs },
        ),
      ),
    cachesByItself: false,
    holdsSchemas: false,
    secrets: [],
  };
}

/** Bedrock lists and counts nothing for us. A message without words is refused before a model sees it, and costs nothing. */
async function refusedAsEmpty(asked: Promise<unknown>): Promise<ModelCheck> {
  try {
    await asked;
    return { kind: "there" };
  } catch (error) {
    if (error instanceof NotFoundError) return { kind: "not-there", others: [] };
    if (!(error instanceof BadRequestError)) throw error;
    const isUnknown = /model (?:identifier|id)|on-demand throughput/iu.test(error.message);
    return isUnknown ? { kind: "not-there", others: [] } : { kind: "there" };
  }
}

async function counted(asked: Promise<unknown>): Promise<ModelCheck> {
  try {
    await asked;
    return { kind: "there" };
  } catch (error) {
    if (error instanceof NotFoundError) return { kind: "not-there", others: [] };
    throw error;
  }
}

async function googleCredentials(projectId: string) {
  const { GoogleAuth } = await installed(VERTEX_PACKAGES, () => import("google-auth-library"));
  try {
    return await new GoogleAuth({ scopes: GOOGLE_SCOPE, projectId }).getClient();
  } catch (error) {
    throw new NoWayToClaude(
      "No Google credentials were found here, so Vertex AI cannot be asked. Type `gcloud auth application-default login`, or set GOOGLE_APPLICATION_CREDENTIALS to a key file.",
      { cause: error },
    );
  }
}

/** A package that only some need. */
async function installed<Package>(
  packages: string,
  load: () => Promise<Package>,
): Promise<Package> {
  try {
    return await load();
  } catch (error) {
    const isMissing =
      error instanceof Error && "code" in error && error.code === "ERR_MODULE_NOT_FOUND";
    if (!isMissing) throw error;
    throw new NoWayToClaude(
      `FANFOLD_PROVIDER asks for a way to Claude that needs a package which is not installed here. Type \`npm install --no-save ${packages}\`, then start again.`,
      { cause: error },
    );
  }
}
