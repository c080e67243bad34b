// The agent that no script asks for behind it: the synthesizer; and how such agents of our own are put.

import type { AgentEnd, AgentTask, Role, TaskPart } from "../agent/agent.ts";
import {
  SynthesisAnswer,
  synthesisAnswerSchema,
  synthesizerTask,
} from "../agent/tasks/synthesizer.ts";
import type { Call } from "../engine/call.ts";
import { BudgetSpent } from "../engine/errors.ts";
import { receiptOf } from "../steps/receipt.ts";
import { agentLimits, chooserOf, poolOf } from "./agents.ts";
import type { House } from "./house.ts";
import type { LiveRun } from "./live.ts";
import { announce, note, noted, own, valueOf } from "./own-entries.ts";
import { Landing } from "./hold.ts";
import type { Publications } from "./publications.ts";
import { factsOf } from "./render/facts.ts";

/** The synthesizer's words for the final pull request; null when it has none: the facts stand alone then. */
export async function synthesize(
  house: House,
  { run, publications }: { run: LiveRun; publications: Publications },
  signal: AbortSignal,
): Promise<SynthesisAnswer | null> {
  const known = valueOf(noted(run, own.synthesis));
  if (known !== undefined) return SynthesisAnswer.nullable().parse(known);
  const call = await announce(house, run, { step: own.synthesis, phase: "Synthesize" });
  const end = await askSynthesizer(house, { run, publications, call }, signal);
  const answer = end?.kind === "answered" ? SynthesisAnswer.parse(end.answer) : null;
  const who = { role: "synthesizer", label: "synthesizer", model: modelOf(house, run) } as const;
  const agents = end === null ? [] : [receiptOf(end, who)];
  await note(house, run, {
    step: own.synthesis,
    record: { kind: "answered", agents, read: [] },
    value: answer,
  });
  return answer;
}

/** Null when the run's cap left nothing for it: everything that matters is folded in by then. */
async function askSynthesizer(
  house: House,
  { run, publications, call }: { run: LiveRun; publications: Publications; call: Call },
  signal: AbortSignal,
): Promise<AgentEnd | null> {
  const parts = synthesizerTask(factsOf(run.record(), publications));
  const answer = synthesisAnswerSchema;
  const task = taskFor(chooserOf(house, run), { role: "synthesizer", parts, answer, files: null });
  try {
    return await poolOf(house, run).run(task, { call, index: 0, label: "synthesizer" }, signal);
  } catch (error) {
    if (!(error instanceof BudgetSpent) && !(error instanceof Landing)) throw error;
    const message = `${error.message} The final pull request is described by facts alone.`;
    run.see({ kind: "logged", message });
    return null;
  }
}

export const modelOf = (house: House, run: LiveRun): string =>
  chooserOf(house, run)({ model: null, effort: null }).id;

interface OwnTask extends Pick<AgentTask, "answer" | "files"> {
  role: Role;
  parts: readonly TaskPart[];
}

export function taskFor(
  choose: House["settings"]["chooseModel"],
  { role, parts, answer, files }: OwnTask,
): AgentTask {
  const choice = choose({ model: null, effort: null });
  return {
    role,
    task: parts,
    files,
    answer,
    model: choice.id,
    effort: choice.effort,
    limits: agentLimits,
  };
}
