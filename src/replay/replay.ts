// Goes through an ended run's script again: every answer comes from the journal, in its order, and nothing is paid for.

import { Diverged, SandboxFault, ScriptError, Stopped, Suspended } from "../engine/errors.ts";
import type { Entry } from "../engine/journal.ts";
import type { Json } from "../engine/json.ts";
import { runScript, type RunOptions } from "../engine/run.ts";
import { childFinder } from "../script/child.ts";
import { scriptFunctions } from "../script/language.ts";
import { isOwn } from "../runs/own-entries.ts";
import { publicationsOf } from "../runs/publications.ts";
import { CannotReplay, type KeptRun } from "./kept-run.ts";
import { type Reading, replaySteps, snapshotFor, Unanswered } from "./steps.ts";

/** What a replay works with. */
export interface Hands {
  openSandbox: RunOptions["openSandbox"];
  sleep: RunOptions["sleep"];
  reading: Reading;
  /** Folder of the built-in workflows. */
  workflowsDir: string;
}

/** How it went, and why, in a sentence. */
export interface Replayed {
  /**
   * `same`: the script came to the end of then. `stopped`: it came to where the run had stopped. `other`: it did not do what
   * the journal says. `unread`: it cannot be told, for want of what it reads.
   */
  kind: "same" | "stopped" | "other" | "unread";
  why: string;
  /** Answers that came from the journal. */
  calls: number;
}

export async function replayRun(run: KeptRun, hands: Hands): Promise<Replayed> {
  const calls = answersIn(run.entries);
  if (run.script === null)
    return { kind: "stopped", calls, why: "The run ended before it had a script." };
  const unanswered = () =>
    Promise.reject(new Unanswered("The rest was never answered: the run was ended there."));
  try {
    const { value } = await runScript({
      ...optionsOf(run, run.script, hands),
      steps: replaySteps(run, hands.reading, unanswered),
      history: run.entries.filter((entry) => !isOwn(entry)),
    });
    return { calls, ...judge(run, value) };
  } catch (error) {
    return { calls, ...trouble(error) };
  }
}

/** How many answers a journal holds, those of the house left out. */
export const answersIn = (entries: readonly Entry[]): number =>
  entries.filter((entry) => entry.kind === "call-ended" && !isOwn(entry)).length;

/** What every going-through shares. Nothing is kept of it. */
export function optionsOf(
  { record }: KeptRun,
  source: string,
  { openSandbox, sleep, reading, workflowsDir }: Hands,
): Omit<RunOptions, "steps" | "history"> {
  const pull = record.isPullRequest ? record.thread : null;
  return {
    source,
    args: record.args,
    functions: scriptFunctions,
    constants: { repo: { head: record.base?.commit ?? "", pull } },
    openSandbox,
    append: async () => {},
    emit: () => {},
    now: () => record.createdAt,
    sleep,
    findWorkflow: childFinder(snapshotFor(reading), workflowsDir),
    limits: { agents: record.limits.agents, outputTokens: null },
    signal: new AbortController().signal,
  };
}

function judge({ record, entries }: KeptRun, value: Json): Pick<Replayed, "kind" | "why"> {
  const { report } = publicationsOf(record.base?.commit ?? "", entries, record.settings);
  const isNoted = entries.some(({ step }) => step === "finish:report");
  if (isNoted && JSON.stringify(report?.value) !== JSON.stringify(value))
    return { kind: "other", why: "The script came to its end with another result than then." };
  return { kind: "same", why: "The script came to the end that it came to then." };
}

function trouble(error: unknown): Pick<Replayed, "kind" | "why"> {
  if (error instanceof CannotReplay) return { kind: "unread", why: error.message };
  if (error instanceof Diverged) return { kind: "other", why: error.message };
  if (error instanceof Stopped || error instanceof Suspended)
    return { kind: "stopped", why: error.message };
  if (error instanceof ScriptError || error instanceof SandboxFault)
    return { kind: "stopped", why: `The script ended with an error: ${error.message}` };
  throw error;
}
