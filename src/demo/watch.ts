// Watches the run through the bot's own run pages.

import { setTimeout as sleep } from "node:timers/promises";

import { z } from "zod";

import { RunData } from "../dashboard/run-data.ts";

const RunDataList = z.array(RunData);
const POLL_MS = 300;
const ENDS = new Set(["completed", "degraded", "failed", "cancelled"]);

/** All runs the bot knows; null while it is not up (it may be starting again). */
export async function readRuns(botUrl: string): Promise<RunData[] | null> {
  try {
    const response = await fetch(`${botUrl}/runs.json`, { signal: AbortSignal.timeout(5_000) });
    return response.ok ? RunDataList.parse(await response.json()) : null;
  } catch {
    // A bot that is being started again does not answer; the next round asks again.
    return null;
  }
}

/** A comment that starts a run has started it by then. */
const RUN_STARTS_WITHIN_MS = 20_000;

/**
 * Shows every state of the first run until it has ended or the signal is aborted. Null when there is no run: the bot
 * answered the comment in words (`hasAnswer`), or did not take it for a command.
 */
export async function watchRun(
  botUrl: string,
  { show, hasAnswer }: { show: (run: RunData) => void; hasAnswer: () => Promise<boolean> },
  signal: AbortSignal,
): Promise<RunData | null> {
  const until = Date.now() + RUN_STARTS_WITHIN_MS;
  let seen = false;
  while (!signal.aborted) {
    const run = (await readRuns(botUrl))?.[0];
    if (run !== undefined) show(run);
    if (run !== undefined && ENDS.has(run.status)) return run;
    seen ||= run !== undefined;
    if (!seen && (Date.now() > until || (await hasAnswer()))) return null;
    await sleep(POLL_MS);
  }
  return null;
}

/** Resolves when the bot answers; rejects when it does not within `withinMs`, and with the signal's reason. */
export async function waitForBot(
  botUrl: string,
  withinMs: number,
  signal: AbortSignal,
): Promise<void> {
  const until = Date.now() + withinMs;
  while (Date.now() < until) {
    signal.throwIfAborted();
    if ((await readRuns(botUrl)) !== null) return;
    await sleep(POLL_MS);
  }
  throw new Error(`The bot did not answer within ${withinMs / 1000} s; its log may say why.`);
}
