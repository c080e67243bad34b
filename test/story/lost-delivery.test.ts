// A comment is answered once, whatever happens to the bot between the comment and the answer.

import { once } from "node:events";
import { mkdtemp, rm, stat, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { type LocalGitHub, startLocalGitHub } from "../../src/local/github/server.ts";
import { type BotProcess, logged, settingsOf, startBot } from "./bot-process.ts";

const secret = "0123456789abcdef0123456789abcdef";
const repo = { owner: "acme", name: "site" };

let folder: string;
let port: number;
let github: LocalGitHub;
let issue: number;
let bots: BotProcess[];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "fanfold-"));
  bots = [];
  port = await freePort();
  github = await startLocalGitHub({
    dataDir: join(folder, "github"),
    app: {
      id: 77,
      slug: "fanfold",
      webhookSecret: secret,
      webhookUrl: `http://127.0.0.1:${port}/api/github/webhooks`,
      events: ["issue_comment"],
    },
  });
  await github.createUser({ login: "ada" });
  await github.createRepository(repo);
  await github.setRole(repo, "ada", "write");
  ({ number: issue } = await github.createIssue(repo, { as: "ada", title: "Talk", body: "" }));
  await github.settled();
});

afterEach(async () => {
  for (const { child } of bots) child.kill("SIGKILL");
  await Promise.all(bots.map(({ ended }) => ended));
  await github.close();
  await rm(folder, { recursive: true, force: true });
});

const data = (...path: string[]): string => join(folder, "bot", ...path);

function start(): BotProcess {
  const bot = startBot(
    settingsOf({
      APP_ID: "77",
      PRIVATE_KEY: github.app.privateKey,
      WEBHOOK_SECRET: secret,
      PORT: String(port),
      FANFOLD_DATA: data(),
      GITHUB_API_URL: github.url,
      GITHUB_WEB_URL: github.url,
    }),
  );
  bots.push(bot);
  return bot;
}

async function comment(body: string): Promise<void> {
  await github.comment(repo, issue, { as: "ada", body });
  await github.settled();
}

const answers = (): string[] =>
  [...github.state.repositories.values()]
    .flatMap(({ comments }) => [...comments.values()])
    .filter(({ author }) => author.login === "fanfold[bot]")
    .map(({ body }) => body);

const lastDelivery = () =>
  github.state.deliveries.findLast(({ event }) => event === "issue_comment");

/** Looks again and again: nobody tells a test that a comment or a file came. */
async function until(moment: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await moment())) await new Promise((resolve) => setTimeout(resolve, 20));
}

const inboxBytes = async (): Promise<number> => (await stat(data("inbox/letters.jsonl"))).size;
const isInboxEmpty = async (): Promise<boolean> => (await inboxBytes()) === 0;

describe("a comment", { timeout: 180_000 }, () => {
  it("made while no bot runs is answered once the bot is up", async () => {
    await comment("/workflow version");
    expect(lastDelivery()).toMatchObject({ status: "failed to connect to host" });
    const bot = start();
    await until(() => answers().length > 0);
    await until(isInboxEmpty);
    bot.child.kill("SIGTERM");
    expect(await bot.ended).toBe(0);
    expect(answers()).toEqual([expect.stringContaining("Fanfold")]);

    // The next bot sees the same log of deliveries, and that nothing is missing in it.
    const next = start();
    await logged(next, /GitHub knows this App/u);
    await comment("/workflow help");
    await until(() => answers().length > 1);
    expect(next.said.out).not.toContain("Asked GitHub to deliver again");
    expect(answers()).toHaveLength(2);
  });

  it("acknowledged by a bot that is killed before it could answer is answered by the next", async () => {
    const bot = start();
    await logged(bot, /GitHub knows this App/u);
    github.faults.add({
      kind: "secondary-limit",
      request: /^POST .*\/issues\/\d+\/comments$/,
      times: 1,
      status: 403,
      retryAfterSeconds: null,
    });
    await comment("/workflow version");
    expect(lastDelivery()).toMatchObject({ status: "OK", statusCode: 200 });
    await logged(bot, /A comment could not be answered/u);
    bot.child.kill("SIGKILL");
    await bot.ended;
    expect(answers()).toEqual([]);
    expect(await inboxBytes()).toBeGreaterThan(0);

    start();
    await until(() => answers().length > 0);
    await until(isInboxEmpty);
    expect(answers()).toHaveLength(1);
  });

  it("that cannot be kept is refused, and no word of it gets into the log", async () => {
    const bot = start();
    await logged(bot, /GitHub knows this App/u);
    await rm(data("inbox"), { recursive: true });
    await writeFile(data("inbox"), "a file where the folder was");
    await comment("/workflow secretly paint the shed");
    expect(lastDelivery()).toMatchObject({ statusCode: 503 });
    await logged(bot, /A delivery could not be kept/u);
    await rm(data("inbox"));
    bot.child.kill("SIGKILL");
    await bot.ended;
    expect(bot.said.out + bot.said.err).not.toContain("paint the shed");
  });
});

async function freePort(): Promise<number> {
  const server = createServer();
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  if (address === null || typeof address === "string") throw new Error("The server has no port.");
  return address.port;
}
