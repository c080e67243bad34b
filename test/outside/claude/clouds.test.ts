// Claude in Amazon Bedrock and Google Vertex AI: the same model to everybody else, asked in each cloud's own way.

import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

import { afterEach, describe, expect, it, vi } from "vitest";

import { type Model, ModelError } from "../../../src/agent/model.ts";
import { createClaude } from "../../../src/outside/claude/claude.ts";
import { reachBedrock, reachVertex } from "../../../src/outside/claude/clouds.ts";
import { NoWayToClaude, type Reach } from "../../../src/outside/claude/reach.ts";
import { openGate } from "../../../src/gate/gate.ts";
import { ManualClock } from "../../agent/manual-clock.ts";
import { modelContract, type Planned, request, textTurn } from "../../contracts/model.contract.ts";
import { signatureOf } from "./aws.ts";
import {
  eventsOf,
  messageStart,
  type FakeMessages,
  type Play,
  startFakeMessages,
} from "./fake-messages.ts";

const REGION = "eu-west-1";
const KEY_ID = "AKIATESTTESTTESTTEST";
const SECRET = "the/secret/of/a/test";
const PROJECT = "paid-by-nobody";

const IDLE_MS = 90_000;
const signal = (): AbortSignal => new AbortController().signal;

const modelOver = (reach: Reach, clock = new ManualClock()): Model =>
  createClaude({ reach, prices: () => null, clock, idleMs: IDLE_MS });

function stubAws(): void {
  vi.stubEnv("AWS_ACCESS_KEY_ID", KEY_ID);
  vi.stubEnv("AWS_SECRET_ACCESS_KEY", SECRET);
}

const bedrockAt = ({ url }: FakeMessages): Promise<Reach> =>
  reachBedrock({ region: REGION, apiKey: null, baseUrl: url });

const TOKEN = {
  access_token: "token-of-google",
  issued_token_type: "urn:ietf:params:oauth:token-type:access_token",
  token_type: "Bearer",
  expires_in: 3600,
};

/** Credentials in a file, as a workload outside of Google has them, and a server that gives a token for them. */
async function stubGoogle(): Promise<AsyncDisposable> {
  const tokens = createServer((_request, response) => {
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify(TOKEN));
  });
  await new Promise<void>((resolve) => tokens.listen(0, "127.0.0.1", resolve));
  const address = tokens.address();
  const port = typeof address === "object" ? address?.port : null;
  const dir = await mkdtemp(join(tmpdir(), "fanfold-"));
  await writeFile(join(dir, "subject"), "who-we-are");
  const file = join(dir, "credentials.json");
  const credentials = {
    type: "external_account",
    audience:
      "//iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/p/providers/q",
    subject_token_type: "urn:ietf:params:oauth:token-type:jwt",
    token_url: `http://127.0.0.1:${port}/token`,
    credential_source: { file: join(dir, "subject") },
  };
  await writeFile(file, JSON.stringify(credentials));
  vi.stubEnv("GOOGLE_APPLICATION_CREDENTIALS", file);
  return {
    [Symbol.asyncDispose]: async () => {
      tokens.closeAllConnections();
      await new Promise((resolve) => tokens.close(resolve));
      await rm(dir, { recursive: true });
    },
  };
}

const vertexAt = ({ url }: FakeMessages): Promise<Reach> =>
  reachVertex({ region: "global", projectId: PROJECT, baseUrl: `${url}/v1` });

afterEach(() => vi.unstubAllEnvs());

const refusals = { "rate-limit": 429, authentication: 403 } as const;

function playOf(planned: Planned, streamed: "sse" | "aws"): Play {
  switch (planned.kind) {
    case "turn": {
      const events = eventsOf(planned.turn);
      return streamed === "aws"
        ? { kind: "aws", events }
        : { kind: "stream", events, after: "end" };
    }
    case "hang":
      return { kind: "stream", events: [messageStart], after: "hang" };
    case "error":
      return { kind: "status", status: refusals[planned.error], body: { message: "no" } };
  }
}

modelContract("Claude in Bedrock", async (plan) => {
  stubAws();
  const server = await startFakeMessages(plan.map((planned) => playOf(planned, "aws")));
  return {
    model: modelOver(await bedrockAt(server)),
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
});

modelContract("Claude in Vertex", async (plan) => {
  const google = await stubGoogle();
  const server = await startFakeMessages(plan.map((planned) => playOf(planned, "sse")));
  return {
    model: modelOver(await vertexAt(server)),
    [Symbol.asyncDispose]: async () => {
      await server[Symbol.asyncDispose]();
      await google[Symbol.asyncDispose]();
    },
  };
});

describe("Bedrock", () => {
  it("is asked under its own id of the model, signed with our credentials, with the end marked for the cache", async () => {
    stubAws();
    await using server = await startFakeMessages([
      { kind: "aws", events: eventsOf(textTurn("ok")) },
    ]);
    await modelOver(await bedrockAt(server)).turn(request(), signal());
    const [seen] = server.requests;
    if (seen === undefined) throw new Error("Nothing was asked.");
    expect(seen.path).toBe("/model/global.anthropic.claude-sonnet-5-5/invoke-with-response-stream");
    expect(seen.headers.authorization).toBe(
      signatureOf(seen, { keyId: KEY_ID, secret: SECRET, region: REGION }),
    );
    expect(seen.body).not.toHaveProperty("cache_control");
    expect(seen.body["messages"]).toEqual([
      {
        role: "user",
        content: [{ type: "text", text: "Do it.", cache_control: { type: "ephemeral" } }],
      },
    ]);
  });

  it("takes other ids as they are", async () => {
    stubAws();
    await using server = await startFakeMessages([
      { kind: "aws", events: eventsOf(textTurn("ok")) },
    ]);
    const model = "us.anthropic.claude-sonnet-4-5-20250929-v1:0";
    await modelOver(await bedrockAt(server)).turn({ ...request(), model }, signal());
    expect(decodeURIComponent(server.requests[0]?.path ?? "")).toBe(
      `/model/${model}/invoke-with-response-stream`,
    );
  });

  it.each([
    ["throttlingException", "rate-limit"],
    ["modelStreamErrorException", "overloaded"],
    ["validationException", "invalid-request"],
  ] as const)("that breaks off with %s is %s, with what it cost", async (type, kind) => {
    stubAws();
    const exception = { type, message: "no" };
    await using server = await startFakeMessages([
      { kind: "aws", events: [messageStart], exception },
    ]);
    const turn = modelOver(await bedrockAt(server)).turn(request(), signal());
    await expect(turn).rejects.toMatchObject({ kind, usage: { inputTokens: 11 } });
  });

  it("that refuses a signature says so in a sentence, without the request it shows", async () => {
    stubAws();
    const message =
      "The signature does not match.\n\nThe Canonical String was\nx-amz-security-token:t0p";
    await using server = await startFakeMessages([
      { kind: "status", status: 403, body: { message } },
    ]);
    const turn = modelOver(await bedrockAt(server)).turn(request(), signal());
    const error = await turn.catch((rejection: unknown) => rejection);
    expect(error).toMatchObject({ kind: "authentication" });
    expect(error instanceof ModelError ? error.message : "").not.toContain("t0p");
  });

  it("that goes silent is given up, and the gate asks again", async () => {
    stubAws();
    await using server = await startFakeMessages([
      { kind: "stream", events: [messageStart], after: "hang" },
      { kind: "aws", events: eventsOf(textTurn("ok")) },
    ]);
    const clock = new ManualClock();
    const gate = openGate({
      model: modelOver(await bedrockAt(server), clock),
      clock,
      random: Math.random,
    });
    const caller = { installation: 1, run: "r", role: "worker" } as const;
    const turn = gate.modelFor(caller).turn(request(), signal());
    await vi.waitFor(() => expect(server.requests).toHaveLength(1), 60_000);
    await clock.advance(IDLE_MS);
    // What the gate waits before it asks again is short, and its own to choose.
    await vi.waitFor(async () => {
      await clock.advance(1000);
      expect(server.requests).toHaveLength(2);
    }, 60_000);
    expect(await turn).toEqual(textTurn("ok"));
  });
});

describe("Vertex", () => {
  it("is asked for the model in the project, with a token and nobody else's key", async () => {
    vi.stubEnv("ANTHROPIC_API_KEY", "sk-ant-not-for-google");
    await using _google = await stubGoogle();
    await using server = await startFakeMessages([
      { kind: "stream", events: eventsOf(textTurn("ok")), after: "end" },
    ]);
    await modelOver(await vertexAt(server)).turn(request(), signal());
    const [seen] = server.requests;
    expect(seen?.path).toBe(
      `/v1/projects/${PROJECT}/locations/global/publishers/anthropic/models/claude-sonnet-5-5:streamRawPredict`,
    );
    expect(seen?.headers.authorization).toBe("Bearer token-of-google");
    expect(JSON.stringify(seen?.headers)).not.toContain("sk-ant");
  });

  it("says at once what to type where nobody is logged in", async () => {
    vi.stubEnv("GOOGLE_APPLICATION_CREDENTIALS", join(tmpdir(), "fanfold-no-such-file.json"));
    const reaching = reachVertex({ region: "global", projectId: PROJECT, baseUrl: null });
    await expect(reaching).rejects.toThrow(/gcloud auth application-default login/u);
    await expect(reaching).rejects.toBeInstanceOf(NoWayToClaude);
  });
});

it.each([
  ["reachBedrock", "@anthropic-ai/bedrock-sdk"],
  ["reachVertex", "@anthropic-ai/vertex-sdk"],
])("%s says what to install where its package is missing", async (reach, missing) => {
  const script = `
    import { registerHooks } from "node:module";
    registerHooks({
      resolve(name, context, next) {
        if (name !== ${JSON.stringify(missing)}) return next(name, context);
        throw Object.assign(new Error("Cannot find package"), { code: "ERR_MODULE_NOT_FOUND" });
      },
    });
    const { ${reach} } = await import("./src/outside/claude/clouds.ts");
    await ${reach}({ region: "r", projectId: "p", apiKey: null, baseUrl: null }).catch((error) =>
      console.log(error.name, error.message),
    );`;
  const { stdout } = await promisify(execFile)(process.execPath, [
    "--input-type=module",
    "--eval",
    script,
  ]);
  expect(stdout).toMatch(/^NoWayToClaude /u);
  expect(stdout).toContain(`npm install --no-save ${missing}@1`);
});

it("Vertex counts words to tell whether a model is there, and says no by 404", async () => {
  await using _google = await stubGoogle();
  await using server = await startFakeMessages([
    { kind: "status", status: 200, body: { input_tokens: 1 } },
    { kind: "status", status: 404, body: { message: "no such model" } },
  ]);
  const { check } = await vertexAt(server);
  expect(await check("claude-opus-4-5")).toEqual({ kind: "there" });
  expect(await check("nothing")).toEqual({ kind: "not-there", others: [] });
});
