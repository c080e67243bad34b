// `fanfold demo`: a local GitHub, the bot and a demo model in one process tree, and one comment that starts it all.

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { type Display, openDisplay } from "./display.ts";
import { problemWith } from "./source-repository.ts";
import { readAnswers, summarize } from "./summary.ts";
import { tell } from "./tell.ts";
import { buildTown } from "./town.ts";
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
  const dataDir = await mkdtemp(join(tmpdir(), "fanfold-demo-"));
  const interrupted = new AbortController();
  const interrupt = (): void => {
    display.done();
    display.say("stopping");
    interrupted.abort();
  };
  process.once("SIGINT", interrupt).once("SIGTERM", interrupt);
  try {
    await using stage = new AsyncDisposableStack();
    return await play(options, { display, dataDir, stage, interrupted });
  } catch (error) {
    process.stderr.write(
      `The demo stopped: ${error instanceof Error ? error.message : String(error)}\n`,
    );
    return 1;
  } finally {
    process.off("SIGINT", interrupt).off("SIGTERM", interrupt);
    await rm(dataDir, { recursive: true, force: true });
  }
}

/** What a demo stands on while it runs. */
export interface Scene {
  display: Display;
  dataDir: string;
  /** What was started, ended in the opposite order. */
  stage: AsyncDisposableStack;
  interrupted: AbortController;
}

async function play(options: DemoOptions, scene: Scene): Promise<number> {
  const { display, interrupted } = scene;
  const town = await buildTown(options, scene);
  display.say(`local GitHub  ${town.pageUrl}`);
  display.say(`posting as ada: ${options.comment}`);
  await town.post();
  const hasAnswer = async (): Promise<boolean> => (await readAnswers(town.source)).length > 0;
  const run = await watchRun(town.botUrl, { show: display.show, hasAnswer }, interrupted.signal);
  display.done();
  const summary = interrupted.signal.aborted ? null : await summarize(town.source, run);
  if (summary !== null) {
    const answers = run === null ? await readAnswers(town.source) : [];
    tell(options, { display, summary, run, answers, pageUrl: town.pageUrl });
  }
  if (!options.once && !interrupted.signal.aborted) {
    display.say(
      "\nIt stays up: open the issue and write your own /workflow comment. Ctrl-C ends it.",
    );
    await new Promise((done) => interrupted.signal.addEventListener("abort", done));
  }
  return summary?.run?.status === "completed" && summary.finalPullRequest !== null ? 0 : 1;
}
