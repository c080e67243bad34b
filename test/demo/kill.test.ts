// SIGKILL in the middle of the demo's run: nothing is lost, nothing is made twice, nothing finished is asked again.

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { openFolderDisk } from "../../src/outside/disk.ts";
import type { RunData } from "../../src/dashboard/run-data.ts";
import type { Scene } from "../../src/demo/demo.ts";
import { summarize } from "../../src/demo/summary.ts";
import { buildTown, type Town } from "../../src/demo/town.ts";
import { readRuns, watchRun } from "../../src/demo/watch.ts";
import type { Entry } from "../../src/engine/journal.ts";
import { runFolder } from "../../src/runs/store.ts";
import { agentsOf, StepRecord } from "../../src/steps/records.ts";
import { type Recorder, startRecorder } from "../contracts/github/recorder.ts";

const COMMENT = "/workflow audit and fix unsafe string handling in src";

let scene: Scene;
let recorder: Recorder;
let town: Town;
beforeEach(async () => {
  recorder = startRecorder();
  scene = {
    onExchange: recorder.onExchange,
    display: { say: () => undefined, show: () => undefined, done: () => undefined },
    dataDir: await mkdtemp(join(tmpdir(), "fanfold-")),
    stage: new AsyncDisposableStack(),
    interrupted: new AbortController(),
  };
  town = await buildTown({ comment: COMMENT, once: true, json: false, port: 0 }, scene);
}, 60_000);
afterEach(async () => {
  await scene.stage.disposeAsync();
  await rm(scene.dataDir, { recursive: true, force: true });
}, 60_000);

const journalOf = (run: string): Promise<Entry[]> =>
  runFolder(openFolderDisk(join(scene.dataDir, "bot")), run).readJournal();

/** Model requests of all agents whose end is in the journal. */
function journaledTurns(entries: readonly Entry[]): number {
  return entries
    .flatMap((entry) =>
      entry.kind === "call-ended" && entry.record !== undefined
        ? agentsOf(StepRecord.parse(entry.record))
        : [],
    )
    .reduce((sum, { turns }) => sum + turns, 0);
}

/** Agents that may have been at work: two reviewers look at a change, everything else is one. */
function openAgents(entries: readonly Entry[]): number {
  const ended = new Set(entries.flatMap(({ kind, key }) => (kind === "call-ended" ? [key] : [])));
  const open = entries.filter(({ kind, key }) => kind === "call-started" && !ended.has(key));
  return open.length * 2;
}

async function until(moment: (run: RunData) => boolean): Promise<RunData> {
  for (;;) {
    const run = (await readRuns(town.botUrl))?.[0];
    if (run !== undefined && moment(run)) return run;
    await sleep(20);
  }
}

describe("a bot that is killed in the middle of a run", () => {
  it.each([
    ["while workers work", (run: RunData) => run.callsEnded >= 4],
    ["while reviewers review", (run: RunData) => run.callsEnded >= 8],
    ["while it publishes", (run: RunData) => run.status === "publishing"],
  ])("%s goes on where it stood", { timeout: 600_000 }, async (_, moment) => {
    await town.post();
    const { id } = await until(moment);
    process.kill(town.bot.pid(), "SIGKILL");
    await sleep(100);
    const requests = town.model?.requests ?? [];
    const before = await journalOf(id);
    const cutOff = openAgents(before);

    const run = await watchRun(
      town.botUrl,
      { show: () => undefined, hasAnswer: async () => false },
      scene.interrupted.signal,
    );
    if (run === null) throw new Error("The run did not end.");
    const summary = await summarize(town.source, run);

    expect(summary.run?.status).toBe("completed");
    const after = await journalOf(id);
    expect(after.slice(0, before.length)).toEqual(before);
    const ended = after.flatMap((entry) => (entry.kind === "call-ended" ? [entry.key] : []));
    expect(new Set(ended).size).toBe(ended.length);
    // Only the turn that was under way was asked for again, of each agent that was cut off.
    const askedAgain = requests.length - journaledTurns(after);
    expect(askedAgain).toBeGreaterThanOrEqual(0);
    expect(askedAgain).toBeLessThanOrEqual(cutOff);

    recorder.expectNoViolations();
    expect(summary.comments).toBe(1);
    expect(new Set(summary.branches).size).toBe(summary.branches.length);
    const heads = summary.workerPullRequests.map(({ head }) => head);
    expect(new Set(heads).size).toBe(heads.length);
    expect(heads).toHaveLength(summary.branches.length - 1);
    expect(summary.finalPullRequest).toMatchObject({ draft: true });
    expect(summary.finalPullRequest?.verifiedCommits).toBe(summary.finalPullRequest?.commits);
  });
});
