// When a call is refused instead of performed: too many agents, or the token target is spent.

import type { Outcome } from "../call.ts";
import { BudgetSpent } from "../errors.ts";
import type { RunOptions } from "../run.ts";

/** Counts a run's agents and tokens as the script asks and hears of them. */
export interface Ceilings {
  /** Admits a call that will start `agents` agents, or says why not. */
  admit(agents: number): Outcome | null;
  /** Counts the agents of a call whose outcome is already known. */
  count(agents: number, outcome: Outcome | null): void;
  /** Adds output tokens of a delivered outcome. */
  spend(outputTokens: number): void;
  /** Output tokens of all outcomes delivered so far. */
  spent(): number;
}

const AGENT_LIMIT = "AgentLimitError";
const BUDGET = BudgetSpent.name;

/**
 * A refusal depends only on what was asked and delivered before it, so it would come out the same on a replay. It is
 * journaled all the same, as an ordinary error outcome: when someone raises a limit and resumes, what the script
 * already caught stays true, and only calls after the end of the journal profit.
 */
export function createCeilings(limits: RunOptions["limits"]): Ceilings {
  let started = 0;
  let spent = 0;
  return {
    admit(agents) {
      if (agents === 0) return null;
      if (limits.outputTokens !== null && spent >= limits.outputTokens) {
        return refusal(
          BUDGET,
          `This run's target of ${limits.outputTokens} output tokens is spent (${spent}): no further agent starts. Finish with what there is, or raise the target and resume.`,
        );
      }
      if (started + agents > limits.agents) {
        return refusal(
          AGENT_LIMIT,
          `This run may start ${limits.agents} agents and has started ${started}; this call needs ${agents} more. Give each agent more of the work, or raise the limit and resume.`,
        );
      }
      started += agents;
      return null;
    },
    count(agents, outcome) {
      const refused = outcome?.ok === false && [AGENT_LIMIT, BUDGET].includes(outcome.error.name);
      if (!refused) started += agents;
    },
    spend: (outputTokens) => void (spent += outputTokens),
    spent: () => spent,
  };
}

function refusal(name: string, message: string): Outcome {
  return { ok: false, error: { name, message } };
}
