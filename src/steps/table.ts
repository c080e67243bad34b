// Every step a script can ask for, by name: adding one is a file and a line here.

import {
  type Call,
  type CallContext,
  type Settlement,
  type Step,
  type StepTable,
} from "../engine/call.ts";
import { StepFailed } from "../engine/errors.ts";
import { PathRefused } from "../repo/contract.ts";
import { approveStep } from "./approve-step.ts";
import { agentStep } from "./agent-step.ts";
import { changeStep } from "./change-step.ts";
import { checksStep } from "./checks-step.ts";
import { combineStep } from "./combine-step.ts";
import type { RunContext } from "./context.ts";
import { knownStep, proposeStep, shardsStep } from "./migration-steps.ts";
import { noteUnknownOptions, ReportInput, readInput } from "./options.ts";
import { value } from "./outcome.ts";
import { diffStep, filesStep, readStep, searchStep } from "./repository-steps.ts";
import { reviewStep } from "./review-step.ts";
import { reviseStep } from "./revise-step.ts";
import { verifyStep } from "./verify-step.ts";

export function stepTable(context: RunContext): StepTable {
  const steps: Record<string, Step> = {
    agent: agentStep(context),
    change: changeStep(context),
    review: reviewStep(context),
    revise: reviseStep(context),
    combine: combineStep(context),
    verify: verifyStep(context),
    approve: approveStep(context),
    checks: checksStep(context),
    "migration.shards": shardsStep(context),
    "migration.known": knownStep(context),
    "migration.propose": proposeStep(context),
    "repo.files": filesStep(context),
    "repo.read": readStep(context),
    "repo.search": searchStep(context),
    "repo.diff": diffStep(context),
    report: reportStep(),
  };
  return Object.fromEntries(
    Object.entries(steps).map(([name, step]) => [name, guarded(context, step)]),
  );
}

function reportStep(): Step {
  return {
    identity: ({ value: reported }) => reported ?? null,
    agents: () => 0,
    replay: "recorded",
    perform: async ({ input }) => {
      const { value: reported } = readInput(ReportInput, "report", input);
      return value(null, { kind: "reported", value: reported });
    },
  };
}

/** A path a script may not name is its own mistake, for it to catch; everything else that is thrown passes. */
function guarded({ noteOnce }: RunContext, step: Step): Step {
  return {
    ...step,
    // A wrong option must not fail here, outside of the script: perform says what is wrong with it.
    agents: (input) => refusable(() => step.agents(input), 1),
    perform: async (call: Call, callContext: CallContext): Promise<Settlement> => {
      noteUnknownOptions(noteOnce, call);
      try {
        const settlement = await step.perform(call, callContext);
        return settlement;
      } catch (error) {
        throw error instanceof PathRefused
          ? new StepFailed(error.message, { cause: error })
          : error;
      }
    },
  };
}

function refusable(work: () => number, otherwise: number): number {
  try {
    return work();
  } catch (error) {
    if (error instanceof StepFailed) return otherwise;
    throw error;
  }
}
