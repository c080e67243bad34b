// What turns cost in a world, and the cap that no run may pass.

import type { Turn, TurnRequest } from "../../src/agent/model.ts";
import { priceOf } from "../../src/config/models.ts";
import type { Entry } from "../../src/engine/journal.ts";
import { costOfTurn } from "../../src/runs/turn-cost.ts";
import type { Chains } from "./chains.ts";
import { draw } from "./core/draw.ts";
import type { Said } from "./model.ts";

/** A model with a list price. */
export const PRICED = "claude-haiku-4-5";

/** Of all turns. */
const DEAR = 0.2;

interface MoneyWorld {
  seed: number;
  /** In US dollars, with what people have added by now; null for none. */
  capUsd: () => number | null;
  /** In US dollars a day; null for none. */
  dayUsd: number | null;
  chains: Chains;
  violate: (invariant: string, what: string) => void;
}

export interface Money {
  /** An answer with what it costs: the least that its request can, or the most. */
  charged(request: TurnRequest, said: Said): Turn;
  /** An answer was heard by its process. What was lost on the way costs as well, and nobody can know. */
  onPaid(costUsd: number, by: { process: string; date: string }): void;
  /** Of what the checkpoints tell. */
  look(): void;
}

const CRUMB_USD = 1e-6;
const INVARIANT = "spending stays within the cap";

export function openMoney({ seed, capUsd, dayUsd, chains, violate }: MoneyWorld): Money {
  const paid = new Map<string, number>();
  const add = (account: string, costUsd: number): number => {
    const sum = (paid.get(account) ?? 0) + costUsd;
    paid.set(account, sum);
    return sum;
  };
  const judge = (usd: number, what: string): void => {
    const cap = capUsd();
    if (cap !== null && usd > cap + CRUMB_USD)
      violate(INVARIANT, `${what}: $${usd.toFixed(4)} of $${cap.toFixed(2)}`);
  };
  return {
    charged: (request, { turn, about }) => {
      const cost = costOfTurn(request, priceOf(request.model));
      if (cost === null) return turn;
      const costUsd = draw(seed, `dear ${about}`) < DEAR ? cost.mostUsd : cost.leastUsd;
      return { ...turn, usage: { ...turn.usage, costUsd } };
    },
    onPaid: (costUsd, { process, date }) => {
      judge(add(process, costUsd), process);
      const today = add(`${process} on ${date}`, costUsd);
      if (dayUsd !== null && today > dayUsd + CRUMB_USD)
        violate("spending stays within the cap of a day", `${process}: $${today.toFixed(4)}`);
    },
    look: () => {
      if (capUsd() === null) return;
      for (const [run, { entries }] of chains.runs) judge(spentOn(entries), run);
    },
  };
}

/** What a journal tells of, finished calls alone. */
const spentOn = (entries: readonly Entry[]): number =>
  entries.reduce(
    (sum, entry) => sum + (entry.kind === "call-ended" ? (entry.usage?.costUsd ?? 0) : 0),
    0,
  );
