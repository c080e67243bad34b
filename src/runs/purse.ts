// A run's money: what all its agents have cost so far, against its cap.

import type { Usage } from "../agent/model.ts";
import { BudgetSpent } from "../engine/errors.ts";
import { money } from "./render/text.ts";

export interface Purse {
  /** Throws `BudgetSpent` once the cap is reached. */
  refuseWhenEmpty(): void;
  /** Counts one agent: told again and again what that agent has cost in all. */
  counter(): (usage: Usage) => void;
}

/**
 * Opens the purse with what was spent before; the cap is asked for each time, since people change it. Unknown prices count
 * as nothing and cannot be capped; what is known still counts beside them.
 */
export function openPurse(cap: () => number | null, spent: readonly Usage[]): Purse {
  let total = spent.reduce((sum, { costUsd }) => sum + (costUsd ?? 0), 0);
  return {
    refuseWhenEmpty: () => {
      const budgetUsd = cap();
      if (budgetUsd !== null && total >= budgetUsd) throw spentOf(total, budgetUsd);
    },
    counter: () => {
      let counted = 0;
      return ({ costUsd }) => {
        const known = Math.max(counted, costUsd ?? 0);
        total += known - counted;
        counted = known;
      };
    },
  };
}

function spentOf(total: number, budgetUsd: number): BudgetSpent {
  return new BudgetSpent(
    `The run's cap of ${money(budgetUsd)} is reached (${money(total)} spent), so no further agent starts.`,
  );
}
