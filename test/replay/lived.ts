// Runs that were lived through once, with answers that the test gives: what they left is gone through again.

import { readFileSync } from "node:fs";

import type { Call, Performed } from "../../src/engine/call.ts";
import type { Entry } from "../../src/engine/journal.ts";
import { runScript } from "../../src/engine/run.ts";
import { openInProcessSandbox } from "../../src/engine/sandbox/in-process.ts";
import type { KeptRun } from "../../src/replay/kept-run.ts";
import { type Hands, optionsOf } from "../../src/replay/replay.ts";
import { NO_COMMIT, replaySteps, Unanswered } from "../../src/replay/steps.ts";
import { RunRecord } from "../../src/runs/record.ts";

/** Nothing can be read, and nobody waits. */
export const hands: Hands = { openSandbox: () => openInProcessSandbox(), reading: NO_COMMIT };

export const META = "export const meta = { name: 'a', description: 'b' }\n";

const file = new URL("journals/5-has-one-driver/run.json", import.meta.url);
export const completed = RunRecord.parse(JSON.parse(readFileSync(file, "utf8")));

export const promptOf = ({ input }: Call): string => {
  const prompt = input["prompt"];
  return typeof prompt === "string" ? prompt : "";
};

export const answered = (value: string, costUsd = 0): Performed => ({
  outcome: { ok: true, value },
  usage: { inputTokens: 1, outputTokens: 1, cacheReadTokens: 0, cacheWriteTokens: 0, costUsd },
});

interface Life {
  answer?: (call: Call) => Promise<Performed>;
  sleep?: () => Promise<void>;
  signal?: AbortSignal;
}

/** A journal as a run would have written it; however the script ended. */
export async function live(script: string, life: Life = {}): Promise<KeptRun> {
  const { answer = async (call) => answered(promptOf(call)), sleep = async () => {} } = life;
  const source = META + script;
  const entries: Entry[] = [];
  const run: KeptRun = { record: completed, script: source, entries: [] };
  const unanswered = () => new Unanswered("Nobody answers.");
  try {
    const { value } = await runScript({
      ...optionsOf(run, { source, unanswered }, hands),
      steps: replaySteps(run, NO_COMMIT, answer),
      append: async (fresh) => void entries.push(...fresh),
      sleep,
      findWorkflow: async () => ({ name: "tell", source: `${META}return await agent("told")` }),
      ...(life.signal === undefined ? {} : { signal: life.signal }),
    });
    entries.push(ofHouse("finish:report", { record: { kind: "reported", value } }));
  } catch {
    // How it ended is for the test to say, by the record's status.
  }
  return { ...run, entries };
}

/** An entry that the house puts beside those of the script. */
export const ofHouse = (
  step: string,
  more: Partial<Extract<Entry, { kind: "call-ended" }>> = {},
): Entry => ({
  v: 1,
  kind: "call-ended",
  key: step,
  step,
  outcome: { ok: true, value: null },
  at: 0,
  ...more,
});

export const costing = (costUsd: number) => ({ usage: answered("", costUsd).usage });

/** The same journal, as if the run had ended so; its report is left out where its script did not return. */
export const endedAs = (
  run: KeptRun,
  status: RunRecord["status"],
  statusDetail: string | null = null,
): KeptRun => ({
  ...run,
  record: { ...run.record, status, statusDetail },
  entries: run.entries.filter(({ step }) => step !== "finish:report"),
});

/** The same journal under another script. */
export const under = (run: KeptRun, script: string): KeptRun => ({ ...run, script: META + script });
