// What a script can ask of the engine itself: to be woken up later, and for the text of another workflow.

import { z } from "zod";

import type { Step, StepTable } from "../call.ts";
import type { RunOptions } from "../run.ts";

const TimerInput = z.object({ ms: z.number().nonnegative() });
const WorkflowInput = z.union([
  z.strictObject({ name: z.string() }),
  z.strictObject({ scriptPath: z.string() }),
]);

/** The engine's own steps; a step of the same name in the run's table is not reached. */
export function ownSteps(options: Pick<RunOptions, "now" | "sleep" | "findWorkflow">): StepTable {
  return { timer: timerStep(options), workflow: workflowStep(options) };
}

// A timer that was under way when the process died wakes up when it would have, not its whole time later.
function timerStep({ now, sleep }: Pick<RunOptions, "now" | "sleep">): Step {
  return {
    identity: (input) => input,
    agents: () => 0,
    replay: "recorded",
    async perform({ input }, { signal, startedAt }) {
      const due = startedAt + TimerInput.parse(input).ms;
      await sleep(Math.max(0, due - now()), signal);
      return { outcome: { ok: true, value: null } };
    },
  };
}

// The text itself is recorded: what a name means may be another text when the run is resumed.
function workflowStep({ findWorkflow }: Pick<RunOptions, "findWorkflow">): Step {
  return {
    identity: (input) => input,
    agents: () => 0,
    replay: "recorded",
    async perform({ input }) {
      const { name, source } = await findWorkflow(WorkflowInput.parse(input));
      return { outcome: { ok: true, value: { name, source } } };
    },
  };
}
