// Who does a call: an agent type, a model and an effort, each from the call, else the agent's file, else the run.

import type { AgentTask } from "../agent/agent.ts";
import type { AgentType } from "./agent-types/agent-type.ts";
import type { ModelChoice, RunContext } from "./context.ts";

export interface Staff {
  type: AgentType;
  choice: ModelChoice;
}

/** What a script may say about it, in every step that asks an agent. */
export interface Wanted {
  agentType?: string | null | undefined;
  model?: string | null | undefined;
  effort?: AgentTask["effort"] | undefined;
}

/** Finds them, and logs what of it is not as somebody may expect. `StepFailed` when there is no such type. */
export async function staffFor(
  context: RunContext,
  step: string,
  { agentType, model, effort }: Wanted,
): Promise<Staff> {
  const type = await context.agentTypes.find(agentType ?? null, step);
  const choice = context.chooseModel({
    model: named(model) ?? type.model,
    effort: effort ?? type.effort,
  });
  for (const note of type.notes) {
    context.noteOnce(`agentType ${type.name} ${note}`, `agentType "${type.name}": ${note}.`);
  }
  const { id, effort: taken, effortRefused } = choice;
  if (effortRefused !== null) {
    const instead = taken === null ? "its own" : `"${taken}"`;
    context.noteOnce(
      `effort ${id} ${effortRefused}`,
      `The model "${id}" knows no effort "${effortRefused}": it works with ${instead}.`,
    );
  }
  if (!choice.isPriced) {
    context.noteOnce(
      `model ${choice.id}`,
      `No list price of the model "${choice.id}" is known: what it costs is not counted.`,
    );
  }
  return { type, choice };
}

/** `inherit` is what agent files write for the run's model; a call may do the same. */
const named = (model: string | null | undefined): string | null =>
  model == null || model === "inherit" ? null : model;

/** The part of an agent's task that its staff decides. */
export function staffed({
  type,
  choice,
}: Staff): Pick<AgentTask, "extraSystem" | "tools" | "model" | "effort"> {
  return {
    ...(type.words === "" ? {} : { extraSystem: type.words }),
    tools: type.tools,
    model: choice.id,
    effort: choice.effort,
  };
}
