// Goes through an ended run's script again: every answer comes from the journal, in its order, and nothing is paid for.

import { Diverged, SandboxFault, ScriptError, Stopped, Suspended } from "../engine/errors.ts";
import type { Entry } from "../engine/journal.ts";
import { runScript, type RunOptions } from "../engine/run.ts";
import { scriptFunctions } from "../script/language.ts";
import { isOwn } from "../runs/own-entries.ts";
import { CannotReplay, type KeptRun } from "./kept-run.ts";
import { type Reading, replaySteps, Unanswered } from "./steps.ts";
import { judge, type Now, type Verdict } from "./verdict.ts";

/** What a replay works with. */
export interface Hands {
  openSandbox: RunOptions["openSandbox"];
  reading: Reading;
}

/** How it went. */
export interface Replayed extends Verdict {
  /** Answers that came from the journal. */
  calls: number;
}

export async function replayRun(run: KeptRun, hands: Hands): Promise<Replayed> {
  const calls = answersIn(run.entries);
  if (run.script === null)
    return { kind: "stopped", calls, why: "The run ended before it had a script." };
  return { calls, ...judge(run, await goThrough(run, run.script, hands)) };
}

async function goThrough(run: KeptRun, source: string, hands: Hands): Promise<Now> {
  const unanswered = () => new Unanswered("The rest was never answered: the run was ended there.");
  try {
    const { value } = await runScript(optionsOf(run, { source, unanswered }, hands));
    return { kind: "returned", value };
  } catch (error) {
    return trouble(error);
  }
}

/** How many answers a journal holds, those of the house left out. */
export const answersIn = (entries: readonly Entry[]): number =>
  entries.filter((entry) => entry.kind === "call-ended" && !isOwn(entry)).length;

/**
 * What every going-through shares. Nothing is kept of it, and nothing is waited for: a timer that fired is in the journal,
 * and so is the text of a workflow that was asked for; what is not there has no answer. `unanswered` says so of a call.
 */
export function optionsOf(
  run: KeptRun,
  { source, unanswered }: { source: string; unanswered: (key: string | null) => Stopped },
  { openSandbox, reading }: Hands,
): RunOptions {
  const { record, entries } = run;
  const pull = record.isPullRequest ? record.thread : null;
  const nobody = () => Promise.reject(unanswered(null));
  return {
    source,
    args: record.args,
    functions: scriptFunctions,
    constants: { repo: { head: record.base?.commit ?? "", pull } },
    steps: replaySteps(run, reading, ({ key }) => Promise.reject(unanswered(key))),
    history: entries.filter((entry) => !isOwn(entry)),
    openSandbox,
    append: async () => {},
    emit: () => {},
    now: () => record.createdAt,
    sleep: nobody,
    findWorkflow: nobody,
    limits: { agents: record.limits.agents, outputTokens: null },
    signal: new AbortController().signal,
  };
}

/** Why a script did not return. Errors of this program's own are thrown on. */
export function trouble(error: unknown): Exclude<Now, { kind: "returned" }> {
  if (error instanceof CannotReplay) return { kind: "unread", why: error.message };
  if (error instanceof Diverged) return { kind: "diverged", why: error.message };
  if (error instanceof Stopped || error instanceof Suspended)
    return { kind: "waits", why: error.message };
  if (error instanceof ScriptError)
    return { kind: "threw", why: `The script ended with an error: ${error.message}` };
  if (error instanceof SandboxFault)
    return {
      kind: "unread",
      why: `The sandbox stopped the script (${error.limit}): ${error.message} Whether that was so then is not in the journal.`,
    };
  throw error;
}
