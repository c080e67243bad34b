// The bot as an operator starts it: from environment variables alone, in words when it cannot, and clean at the end.

import { spawn, type ChildProcess } from "node:child_process";
import { generateKeyPairSync } from "node:crypto";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { afterEach, beforeEach, describe, expect, it } from "vitest";

const main = fileURLToPath(new URL("../../src/main.ts", import.meta.url));
const { privateKey } = generateKeyPairSync("rsa", {
  modulusLength: 2048,
  publicKeyEncoding: { type: "spki", format: "pem" },
  privateKeyEncoding: { type: "pkcs8", format: "pem" },
});

let folder: string;
let children: ChildProcess[];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "fanfold-"));
  children = [];
});

afterEach(async () => {
  for (const child of children) child.kill("SIGKILL");
  await rm(folder, { recursive: true, force: true });
});

function settings(): Record<string, string> {
  return {
    APP_ID: "1",
    PRIVATE_KEY: privateKey,
    WEBHOOK_SECRET: "0123456789abcdef0123456789abcdef",
    ANTHROPIC_API_KEY: "key",
    PORT: "0",
    FANFOLD_DATA: join(folder, "data"),
    // Nobody listens there: the bot starts without GitHub.
    GITHUB_API_URL: "http://127.0.0.1:9",
  };
}

interface Bot {
  child: ChildProcess;
  /** What it wrote so far. */
  said: { out: string; err: string };
  ended: Promise<number | null>;
}

function start(env: Record<string, string>): Bot {
  const child = spawn(process.execPath, [main], { env, stdio: ["ignore", "pipe", "pipe"] });
  children.push(child);
  const said = { out: "", err: "" };
  child.stdout.on("data", (chunk) => (said.out += String(chunk)));
  child.stderr.on("data", (chunk) => (said.err += String(chunk)));
  const ended = once(child, "close").then(() => child.exitCode);
  return { child, said, ended };
}

/** The address from the line that says so. */
async function addressOf({ child, said }: Bot): Promise<string> {
  while (child.exitCode === null) {
    const port = /"port":(\d+).*Fanfold is listening/u.exec(said.out)?.[1];
    if (port !== undefined) return `http://127.0.0.1:${port}`;
    await Promise.race([once(child.stdout ?? child, "data"), once(child, "exit")]);
  }
  throw new Error(`It never listened: ${said.out}${said.err}`);
}

describe("the bot", () => {
  it("answers /ping, refuses a wrong signature, and ends on SIGTERM", async () => {
    const bot = start(settings());
    const url = await addressOf(bot);
    const ping = await fetch(`${url}/ping`);
    expect([ping.status, await ping.text()]).toEqual([200, "PONG"]);

    const forged = await fetch(`${url}/api/github/webhooks`, {
      method: "POST",
      body: '{"attack":"on the log"}',
      headers: { "content-type": "application/json", "x-hub-signature-256": "sha256=00" },
    });
    expect(forged.status).toBe(400);

    bot.child.kill("SIGTERM");
    expect(await bot.ended).toBe(0);
    expect(bot.said.out.match(/signature does not fit/gu)).toHaveLength(1);
    expect(bot.said.out + bot.said.err).not.toContain("on the log");
  });

  it.each([
    ["without a webhook secret", { WEBHOOK_SECRET: "" }, "WEBHOOK_SECRET is not set."],
    ["with Probot's default secret", { WEBHOOK_SECRET: "development" }, "is Probot's default."],
    ["without a model key", { ANTHROPIC_API_KEY: "" }, "ANTHROPIC_API_KEY is not set."],
  ])("does not start %s, and says what to do", async (_, change, sentence) => {
    const bot = start({ ...settings(), ...change });
    expect(await bot.ended).toBe(1);
    expect(bot.said.err).toContain(sentence);
    expect(bot.said.err).not.toContain("    at ");
    expect(bot.said.out).toBe("");
  });

  it("does not start on a port in use, and says which in one sentence", async () => {
    await using other = await occupied();
    const bot = start({ ...settings(), PORT: String(other.port) });
    expect(await bot.ended).toBe(1);
    expect(bot.said.err).toBe(
      `Fanfold cannot start.\nPort ${other.port} on 127.0.0.1 is already in use. Stop the other program or set PORT to a free one.\n`,
    );
  });
});

async function occupied(): Promise<AsyncDisposable & { port: number }> {
  const server: Server = createServer();
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("No port was given.");
  return {
    port: address.port,
    async [Symbol.asyncDispose]() {
      server.close();
      await once(server, "close");
    },
  };
}
