// The bot as an operator starts it: from environment variables alone, in words when it cannot, and clean at the end.

import { once } from "node:events";
import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { addressOf, type BotProcess, logged, settingsOf, startBot } from "./bot-process.ts";

let folder: string;
let bots: BotProcess[];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "fanfold-"));
  bots = [];
});

afterEach(async () => {
  for (const { child } of bots) child.kill("SIGKILL");
  await Promise.all(bots.map(({ ended }) => ended));
  await rm(folder, { recursive: true, force: true });
});

const settings = () => settingsOf({ FANFOLD_DATA: join(folder, "data") });

function start(env: Record<string, string>): BotProcess {
  const bot = startBot(env);
  bots.push(bot);
  return bot;
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

describe("the folder the bot keeps things in", () => {
  it("is made when it is missing", async () => {
    const bot = start({ ...settings(), FANFOLD_DATA: join(folder, "a", "b") });
    await addressOf(bot);
    expect(await readdir(join(folder, "a", "b"))).not.toContainEqual(
      expect.stringContaining("trial"),
    );
  });

  it("that cannot be written keeps it from starting, in one sentence with the reason", async () => {
    await writeFile(join(folder, "file"), "");
    const dir = join(folder, "file", "data");
    const bot = start({ ...settings(), FANFOLD_DATA: dir });
    expect(await bot.ended).toBe(1);
    expect(bot.said.err).toContain(
      `Fanfold cannot start.\nThe folder ${dir} cannot be written (ENOTDIR)`,
    );
    expect(bot.said.err).toContain("Set FANFOLD_DATA to a folder that belongs to user");
    expect(bot.said.err).not.toContain("    at ");
  });
});

it("a GitHub out of reach is named with its address, and that it is tried again", async () => {
  const bot = start(settings());
  await logged(bot, /could not be reached at http:\/\/127\.0\.0\.1:9\. It is tried again/u);
  expect(bot.said.out).toContain("no answer (");
  expect(bot.said.out).not.toContain("UNKNOWN");
  expect(bot.child.exitCode).toBeNull();
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
