// A run as production makes one, but for its agents: child process, journal on disk, view for watchers.

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";

import type { Call, Performed, Step } from "../../src/engine/call.ts";
import type { Entry } from "../../src/engine/journal.ts";
import type { Json } from "../../src/engine/json.ts";
import { runScript } from "../../src/engine/run.ts";
import type { OpenSandbox } from "../../src/engine/sandbox.ts";
import { openFolderDisk } from "../../src/outside/disk.ts";
import { type LiveRun, liveRun } from "../../src/runs/live.ts";
import { nothingYet } from "../../src/runs/nothing-yet.ts";
import { RunRecord } from "../../src/runs/record.ts";
import { runFolder } from "../../src/runs/store.ts";
import { scriptFunctions } from "../../src/script/language.ts";

/** One run's folder, removed afterwards. */
export interface House extends AsyncDisposable {
  /** The run as a fresh process finds it. */
  load(): Promise<LiveRun>;
  journal(): Promise<Entry[]>;
}

/** Makes a run in a folder of its own. */
export async function openHouse(): Promise<House> {
  const dataDir = await mkdtemp(join(tmpdir(), "fanfold-bench-"));
  const folder = runFolder(openFolderDisk(dataDir), record.id);
  return {
    load: async () =>
      liveRun(folder, { record, script: null, entries: await folder.readJournal() }),
    journal: () => folder.readJournal(),
    [Symbol.asyncDispose]: () => rm(dataDir, { recursive: true, force: true }),
  };
}

/** What one execution is given. */
export interface Execution {
  run: LiveRun;
  source: string;
  perform: (call: Call, signal: AbortSignal) => Promise<Performed>;
  openSandbox: OpenSandbox;
}

/** Runs a script over the run's journal; returns what the script returned. */
export async function execute({ run, source, perform, openSandbox }: Execution): Promise<Json> {
  const agent: Step = {
    identity: (input) => input,
    agents: () => 1,
    replay: "recorded",
    perform: (call, { signal }) => perform(call, signal),
  };
  const { value } = await runScript({
    source,
    args: undefined,
    functions: scriptFunctions,
    constants: { repo: { head: "0".repeat(40), pull: null } },
    steps: { agent },
    openSandbox,
    history: run.entries(),
    append: run.append,
    emit: run.see,
    now: Date.now,
    sleep: (ms, signal) => setTimeout(ms, undefined, { signal }),
    findWorkflow: () => Promise.reject(new Error("The measured scripts start no other.")),
    limits: { agents: 1_000_000, outputTokens: null },
    signal: new AbortController().signal,
  });
  return value;
}

const record = RunRecord.parse({
  v: 1,
  id: "bench",
  repository: { installationId: 1, repositoryId: 1, owner: "octo", name: "sample" },
  thread: 1,
  isPullRequest: false,
  said: null,
  requester: { id: 1, login: "octocat" },
  task: "measure",
  limits: { agents: 1_000_000, budgetUsd: null },
  baseBranch: null,
  base: null,
  script: null,
  ...nothingYet(0),
  status: "running",
});
