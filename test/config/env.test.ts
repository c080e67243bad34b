// What an operator sets: every mistake is named at once, and nothing weak is let through.

import { createPrivateKey, generateKeyPairSync } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { describe, expect, it } from "vitest";

import { checkpointKeys } from "../../src/config/checkpoint-keys.ts";
import { EnvError, readEnv } from "../../src/config/env.ts";

const { privateKey } = generateKeyPairSync("rsa", {
  modulusLength: 1024,
  publicKeyEncoding: { type: "spki", format: "pem" },
  privateKeyEncoding: { type: "pkcs1", format: "pem" },
});

const { privateKey: ellipticKey } = generateKeyPairSync("ec", {
  namedCurve: "P-256",
  publicKeyEncoding: { type: "spki", format: "pem" },
  privateKeyEncoding: { type: "pkcs8", format: "pem" },
});

const encryptedKey = createPrivateKey(privateKey)
  .export({ type: "pkcs8", format: "pem", cipher: "aes-256-cbc", passphrase: "known to nobody" })
  .toString();

const good = {
  APP_ID: "12",
  PRIVATE_KEY: privateKey,
  WEBHOOK_SECRET: "0123456789abcdef0123456789abcdef",
  ANTHROPIC_API_KEY: "key",
};

function mistakesIn(variables: Record<string, string | undefined>): string[] {
  try {
    readEnv(variables);
  } catch (error) {
    if (error instanceof EnvError) return error.message.split("\n");
    throw error;
  }
  return [];
}

describe("the environment", () => {
  it("is enough with four variables; the rest has defaults", () => {
    expect(readEnv(good)).toEqual({
      appId: 12,
      privateKey,
      webhookSecret: good.WEBHOOK_SECRET,
      webhookPath: "/api/github/webhooks",
      host: "127.0.0.1",
      port: 3000,
      logLevel: "info",
      provider: { kind: "anthropic", apiKey: "key", baseUrl: null },
      model: "sonnet",
      dataDir: "./data",
      githubApiUrl: "https://api.github.com",
      githubWebUrl: "https://github.com",
      checkpointKeys: [],
      dashboard: "off",
      dayBudgetUsd: null,
      mirrorsGb: 20,
      leaseMs: 300_000,
      disableWorkflows: false,
      metrics: null,
      traces: false,
      repositories: null,
      queueUrl: null,
      approval: "large",
    });
  });

  it("takes several keys for checkpoints, and the App's own behind them", () => {
    const [newest, older] = ["n".repeat(32), "o".repeat(40)];
    const { checkpointKeys: listed } = readEnv({
      ...good,
      FANFOLD_CHECKPOINT_KEY: ` ${newest}, ${older} `,
    });
    expect(listed).toEqual([newest, older]);
    expect(checkpointKeys(listed, privateKey)).toEqual([newest, older, privateKey]);
    expect(checkpointKeys([], privateKey)).toEqual([privateKey]);
    expect(mistakesIn({ ...good, FANFOLD_CHECKPOINT_KEY: `${newest},short` })[0]).toContain(
      "at least 32 characters",
    );
  });

  it("names every mistake at once", () => {
    expect(mistakesIn({}).map((line) => line.split(" ")[0])).toEqual([
      "APP_ID",
      "WEBHOOK_SECRET",
      "ANTHROPIC_API_KEY",
      "Neither",
    ]);
  });

  it.each([
    ["unset", undefined, "is not set"],
    ["empty", "  ", "is not set"],
    ["Probot's default", "development", "is Probot's default"],
    ["short", "0123456789abcdef0123456789abcde", "is shorter than 32 characters"],
  ])("refuses a webhook secret that is %s", (_, secret, sentence) => {
    expect(mistakesIn({ ...good, WEBHOOK_SECRET: secret })).toEqual([
      expect.stringContaining(`WEBHOOK_SECRET ${sentence}`),
    ]);
  });

  it.each([
    ["APP_ID", "0"],
    ["APP_ID", "1e3"],
    ["PORT", "65536"],
    ["PORT", "-1"],
    ["PORT", "http"],
    ["LOG_LEVEL", "loud"],
    ["WEBHOOK_PATH", "webhooks"],
    ["WEBHOOK_PATH", "/webhooks/"],
    ["ANTHROPIC_BASE_URL", "api.anthropic.com"],
    ["GITHUB_API_URL", "ftp://example.com"],
    ["FANFOLD_CHECKPOINT_KEY", "short"],
    ["FANFOLD_DASHBOARD", "everywhere"],
    ["FANFOLD_APPROVAL", "sometimes"],
    ["FANFOLD_DAY_BUDGET", "$50"],
    ["FANFOLD_DAY_BUDGET", "-1"],
    ["FANFOLD_DISABLE_WORKFLOWS", "maybe"],
    ["FANFOLD_METRICS_PORT", "0"],
    ["OTEL_EXPORTER_OTLP_ENDPOINT", "collector:4318"],
    ["OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "ftp://collector"],
  ])("refuses %s=%s by name", (name, value) => {
    expect(mistakesIn({ ...good, [name]: value })).toEqual([expect.stringContaining(name)]);
  });

  it("is watched where it says so", () => {
    const watched = {
      ...good,
      HOST: "0.0.0.0",
      FANFOLD_METRICS_PORT: "9464",
      OTEL_EXPORTER_OTLP_ENDPOINT: "http://collector:4318",
    };
    expect(readEnv(watched)).toMatchObject({
      metrics: { host: "0.0.0.0", port: 9464 },
      traces: true,
    });
  });

  it("takes Claude from the clouds that sell it, and asks for what each needs and for no key of another", () => {
    const { ANTHROPIC_API_KEY: _, ...rest } = good;
    const bedrock = { ...rest, FANFOLD_PROVIDER: "bedrock" };
    expect(readEnv({ ...bedrock, AWS_REGION: "eu-west-1" }).provider).toEqual({
      kind: "bedrock",
      region: "eu-west-1",
      apiKey: null,
      baseUrl: null,
    });
    const vertex = { ...rest, FANFOLD_PROVIDER: "vertex", CLOUD_ML_REGION: "global" };
    expect(
      readEnv({
        ...vertex,
        ANTHROPIC_VERTEX_PROJECT_ID: "paid",
        ANTHROPIC_VERTEX_BASE_URL: "http://127.0.0.1:1/v1/",
      }).provider,
    ).toEqual({
      kind: "vertex",
      region: "global",
      projectId: "paid",
      baseUrl: "http://127.0.0.1:1/v1",
    });
    expect(mistakesIn(bedrock)).toEqual([expect.stringMatching(/^AWS_REGION is not set/u)]);
    expect(mistakesIn(vertex)).toEqual([
      expect.stringMatching(/^ANTHROPIC_VERTEX_PROJECT_ID is not set/u),
    ]);
    expect(mistakesIn({ ...rest, FANFOLD_PROVIDER: "azure" })).toEqual([
      "FANFOLD_PROVIDER must be anthropic, bedrock or vertex.",
    ]);
  });

  it("takes a key whose line breaks came as two characters, or in Windows' way", () => {
    for (const key of [privateKey.replaceAll("\n", "\\n"), privateKey.replaceAll("\n", "\r\n")]) {
      expect(readEnv({ ...good, PRIVATE_KEY: key }).privateKey).toBe(privateKey);
    }
  });

  it("refuses what is not a key, and two keys, without printing them", () => {
    expect(mistakesIn({ ...good, PRIVATE_KEY: "hunter2" }).join()).not.toContain("hunter2");
    expect(mistakesIn({ ...good, PRIVATE_KEY: "hunter2" })).toHaveLength(1);
    expect(mistakesIn({ ...good, PRIVATE_KEY_PATH: "/x" })).toEqual([
      expect.stringContaining("both set"),
    ]);
  });

  it.each([
    [
      "nonsense between the lines of a key",
      privateKey.replace(/(?<=\n)[\s\S]+(?=\n-----END)/u, "AAAA"),
    ],
    ["half a key", privateKey.replace(/(?<=KEY-----\n)[^-]{400}/u, "")],
    ["a key of another kind", ellipticKey],
    ["a key behind a passphrase", encryptedKey],
  ])("refuses %s in a sentence, and prints none of it", (_, key) => {
    const mistakes = mistakesIn({ ...good, PRIVATE_KEY: key });
    expect(mistakes).toEqual([expect.stringMatching(/^PRIVATE_KEY .+ settings page\.$/u)]);
    const secret = key.split("\n").filter((line) => line !== "" && !line.startsWith("-----"));
    for (const line of secret) expect(mistakes.join()).not.toContain(line);
  });

  it("reads a key from a file, and says when there is none", async () => {
    const folder = await mkdtemp(join(tmpdir(), "fanfold-"));
    try {
      const path = join(folder, "key.pem");
      await writeFile(path, privateKey);
      const rest = { ...good, PRIVATE_KEY: undefined };
      expect(readEnv({ ...rest, PRIVATE_KEY_PATH: path }).privateKey).toBe(privateKey);
      expect(mistakesIn({ ...rest, PRIVATE_KEY_PATH: `${path}.gone` })).toEqual([
        "The file that PRIVATE_KEY_PATH names cannot be read (ENOENT).",
      ]);
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it("takes the address of a database for the queue, and of nothing else", () => {
    expect(readEnv({ ...good, QUEUE_URL: "rediss://:word@redis:6379/1" }).queueUrl).toMatch(
      "redis",
    );
    for (const QUEUE_URL of ["redis", "http://redis:6379", "amqp://queue"]) {
      expect(() => readEnv({ ...good, QUEUE_URL })).toThrow("QUEUE_URL must be an address such as");
    }
  });
});
