// `fanfold demo`: a local GitHub, the bot and a demo model in one process tree, and one comment that starts it all.

import { copyFile, mkdtemp, rm } from "node:fs/promises";
import { setGlobalProxyFromEnv } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";

import type { Exchange } from "../local/github/exchange.ts";
import { passedOn } from "./bot-environment.ts";
import { BotGaveUp } from "./bot-process.ts";
import { type Display, openDisplay } from "./display.ts";
import { problemWith } from "./source-repository.ts";
import { readAnswers, summarize } from "./summary.ts";
import { tell } from "./tell.ts";
import { BOT_LOG, buildTown } from "./town.ts";
import { watchRun } from "./watch.ts";

export interface DemoOptions {
  repo?: string;
  comment: string;
  once: boolean;
  json: boolean;
  port?: number;
}

/** Runs the demo; resolves to the exit status: 0 when the run completed and its final pull request exists. */
export async function runDemo(options: DemoOptions): Promise<number> {
  const display = openDisplay(options.json ? process.stderr : process.stdout);
  const problem = await problemWith(options);
  if (problem !== null) {
    process.stderr.write(`${problem}\n`);
    return 1;
  }
  // Node took the person's proxy for every address; those of this machine are reached without it.
  if (process.env["NODE_USE_ENV_PROXY"] === "1") setGlobalProxyFromEnv(passedOn(process.env));
  const dataDir = await mkdtemp(join(tmpdir(), "fanfold-demo-"));
  const interrupted = new AbortController();
  const interrupt = (): void => {
    display.done();
    display.say("stopping");
    interrupted.abort();
  };
  process.once("SIGINT", interrupt).once("SIGTERM", interrupt);
  try {
    const ended = await perform(options, { display, dataDir, interrupted });
    if (ended === "failed") await keepLog(dataDir);
    return ended === "completed" ? 0 : 1;
  } finally {
    process.off("SIGINT", interrupt).off("SIGTERM", interrupt);
    await rm(dataDir, { recursive: true, force: true });
  }
}

/** How a demo ends: its run completed with a final pull request, or not; no run was started; a person stopped it. */
type Ended = "completed" | "failed" | "no-run" | "stopped";

async function perform(options: DemoOptions, scene: Omit<Scene, "stage">): Promise<Ended> {
  const { signal } = scene.interrupted;
  try {
    await using stage = new AsyncDisposableStack();
    return await play(options, { ...scene, stage });
  } catch (error) {
    const stopped = signal.aborted && !(signal.reason instanceof BotGaveUp);
    if (stopped && error === signal.reason) return "stopped";
    process.stderr.write(
      `The demo stopped: ${error instanceof Error ? error.message : String(error)}\n`,
    );
    return "failed";
  }
}

/** What went wrong may be in the bot's log: it outlives the rest. */
async function keepLog(dataDir: string): Promise<void> {
  const kept = join(tmpdir(), `fanfold-demo-bot-${process.pid}.log`);
  try {
    await copyFile(join(dataDir, BOT_LOG), kept);
  } catch (error) {
    // The demo ended before there was a bot.
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return;
    throw error;
  }
  process.stderr.write(`The bot's log is kept in ${kept}\n`);
}

/** What a demo stands on while it runs. */
export interface Scene {
  display: Display;
  dataDir: string;
  /** What was started, ended in the opposite order. */
  stage: AsyncDisposableStack;
  interrupted: AbortController;
  /** Hears everything that is said to the local GitHub's API. */
  onExchange?: (exchange: Exchange) => void;
}

async function play(options: DemoOptions, scene: Scene): Promise<Ended> {
  const { display, interrupted } = scene;
  const town = await buildTown(options, scene);
  display.say(`local GitHub  ${town.pageUrl}`);
  display.say(`posting as ada: ${options.comment}`);
  await town.post();
  const hasAnswer = async (): Promise<boolean> => (await readAnswers(town.source)).length > 0;
  const run = await watchRun(town.botUrl, { show: display.show, hasAnswer }, interrupted.signal);
  display.done();
  interrupted.signal.throwIfAborted();
  const summary = await summarize(town.source, run);
  const answers = run === null ? await readAnswers(town.source) : [];
  tell(options, { display, summary, run, answers, pageUrl: town.pageUrl });
  if (!options.once && !interrupted.signal.aborted) await stayUp(scene);
  if (run === null) return "no-run";
  return run.status === "completed" && summary.finalPullRequest !== null ? "completed" : "failed";
}

/** Until somebody ends it, or the bot cannot go on. */
async function stayUp({ display, interrupted: { signal } }: Scene): Promise<void> {
  display.say(
    "\nIt stays up: open the issue and write your own /workflow comment. Ctrl-C ends it.",
  );
  await new Promise((done) => signal.addEventListener("abort", done));
  if (signal.reason instanceof BotGaveUp) throw signal.reason;
}
