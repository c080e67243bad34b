// Builds the demo's surroundings: a local GitHub with people and a repository, a model, and the bot.

import { randomBytes } from "node:crypto";
import { join } from "node:path";

import { type LocalGitHub, startLocalGitHub } from "../local/github/server.ts";
import { type DemoModel, startDemoModel } from "../local/model/demo.ts";
import { claudeSettings, passedOn } from "./bot-environment.ts";
import { type BotProcess, startBot } from "./bot-process.ts";
import type { DemoOptions, Scene } from "./demo.ts";
import type { Display } from "./display.ts";
import { freePort, pagePort } from "./ports.ts";
import { sourceRepository } from "./source-repository.ts";
import type { SummarySource } from "./summary.ts";
import { waitForBot } from "./watch.ts";

const OWNER = "acme";
/** The person who posts the comment, with write permission. */
const POSTER = "ada";
const BOT_STARTS_WITHIN_MS = 30_000;
/** Name of the bot's log in the demo's folder. */
export const BOT_LOG = "bot.log";

export interface Town {
  /** The issue's page. */
  pageUrl: string;
  botUrl: string;
  source: SummarySource;
  /** Null when Claude does the work. */
  model: DemoModel | null;
  bot: BotProcess;
  /** Posts the comment that starts it all. */
  post: () => Promise<unknown>;
}

/** Starts everything; `scene.stage` ends it again. */
export async function buildTown(options: DemoOptions, scene: Scene): Promise<Town> {
  const botUrl = `http://127.0.0.1:${await freePort()}`;
  const secret = randomBytes(32).toString("hex");
  const github = await startLocalGitHub({
    port: await pagePort(options.port),
    dataDir: join(scene.dataDir, "github"),
    ...(scene.onExchange === undefined ? {} : { onExchange: scene.onExchange }),
    app: {
      id: 1000,
      slug: "fanfold",
      webhookSecret: secret,
      webhookUrl: `${botUrl}/api/github/webhooks`,
    },
  });
  scene.stage.defer(() => github.close());
  const { model, env } = await openModel(scene.stage, scene.display);
  const bot = startBotFor(scene, { github, secret, botUrl, env });
  const { source, issue } = await populate(github, options, scene);
  await waitForBot(botUrl, BOT_STARTS_WITHIN_MS, scene.interrupted.signal);
  bot.isUp();
  return {
    pageUrl: `${github.url}/${source.owner}/${source.repo}/issues/${issue}`,
    botUrl,
    source,
    model,
    bot,
    post: () =>
      github.comment({ owner: source.owner, name: source.repo }, issue, {
        as: POSTER,
        body: options.comment,
      }),
  };
}

/** Claude when there is a key; else the demo model, which says of itself what it is. */
async function openModel(
  stage: AsyncDisposableStack,
  display: Display,
): Promise<{ model: DemoModel | null; env: Record<string, string> }> {
  const { env: claude, notes } = claudeSettings(process.env);
  for (const note of notes) display.say(note);
  if (claude !== null) return { model: null, env: claude };
  const model = await startDemoModel();
  stage.defer(() => model.close());
  display.say(`model         demo model at ${model.url} (fixed rules, no AI, no key needed)`);
  const env = { ANTHROPIC_API_KEY: "demo-model-needs-no-key", ANTHROPIC_BASE_URL: model.url };
  return { model, env };
}

function startBotFor(
  { stage, display, dataDir, interrupted }: Scene,
  given: { github: LocalGitHub; secret: string; botUrl: string; env: Record<string, string> },
): BotProcess {
  const { github, secret, botUrl, env } = given;
  const bot = startBot({
    logPath: join(dataDir, BOT_LOG),
    say: (line) => display.say(`bot           ${line}`),
    onGaveUp: (why) => interrupted.abort(why),
    signal: interrupted.signal,
    env: {
      ...passedOn(process.env),
      APP_ID: String(github.app.id),
      PRIVATE_KEY: github.app.privateKey,
      WEBHOOK_SECRET: secret,
      PORT: new URL(botUrl).port,
      GITHUB_API_URL: github.url,
      GITHUB_WEB_URL: github.url,
      FANFOLD_DATA: join(dataDir, "bot"),
      FANFOLD_DASHBOARD: "loopback",
      // Nothing of value is at stake here, and `--once` has nobody to ask.
      FANFOLD_APPROVAL: "never",
      ...env,
    },
  });
  stage.defer(() => bot.stop());
  return bot;
}

/** People with different rights, the repository, and an issue to talk in. */
async function populate(
  github: LocalGitHub,
  options: DemoOptions,
  { dataDir, display }: Scene,
): Promise<{ source: SummarySource; issue: number }> {
  const { path, name, note } = await sourceRepository(options, dataDir);
  if (note !== null) display.say(`repository    ${note}`);
  const repo = { owner: OWNER, name };
  const { token } = await github.createUser({ login: POSTER });
  await github.createUser({ login: "grace" });
  await github.createRepository(repo);
  await github.setRole(repo, POSTER, "write");
  await github.setRole(repo, "grace", "read");
  await github.importRepository(repo, path);
  const { number } = await github.createIssue(repo, {
    as: POSTER,
    title: titleOf(options.comment),
    body: "Comment `/workflow …` here to start a run. As **ada** you may (write); as **grace** you may not (read).",
  });
  return {
    source: { apiUrl: github.url, token, owner: OWNER, repo: name, thread: number },
    issue: number,
  };
}

function titleOf(comment: string): string {
  const task =
    comment
      .split("\n", 1)[0]
      ?.replace(/^\/\w+\s*/, "")
      .trim() ?? "";
  return task === "" ? "Try Fanfold" : task.charAt(0).toUpperCase() + task.slice(1, 200);
}
