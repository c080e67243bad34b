// The way from a step to an agent: at most so many at once, counted against the run's cap, seen by watchers.

import PQueue from "p-queue";

import type { AgentEnd, AgentTask, RunAgent } from "../agent/agent.ts";
import type { Model, Usage } from "../agent/model.ts";
import { BudgetSpent } from "../engine/errors.ts";
import type { Emit } from "../engine/events.ts";
import type { AgentPool } from "../steps/context.ts";
import type { Clock } from "../world/clock.ts";
import { money } from "./render/text.ts";

export interface AgentPoolOptions {
  model: Model;
  clock: Clock;
  runAgent: RunAgent;
  emit: Emit;
  agentsAtOnce: number;
  budgetUsd: number | null;
  /** Dollars that journaled agents of this run cost already. */
  spentUsd: number;
}

type Who = Parameters<AgentPool["run"]>[1];

/** Opens the pool of one run. */
export function openAgentPool(options: AgentPoolOptions): AgentPool {
  const queue = new PQueue({ concurrency: options.agentsAtOnce });
  const purse = openPurse(options);
  return {
    run: async (task, who, signal) => {
      const end = await queue.add(
        () => purse.guarded((spend) => runOne(options, { task, who, spend }, signal)),
        { signal },
      );
      return end;
    },
  };
}

async function runOne(
  { model, clock, runAgent, emit }: AgentPoolOptions,
  {
    task,
    who,
    spend,
  }: { task: AgentTask; who: Who; spend: (usage: Usage, stop: (reason: Error) => void) => void },
  signal: AbortSignal,
): Promise<AgentEnd> {
  const seen = { key: who.call.key, agent: String(who.index) };
  const over = new AbortController();
  emit({ kind: "agent-started", ...seen, role: task.role, label: who.label });
  const onTurn = (turns: number, usage: Usage): void => {
    emit({ kind: "agent-turned", ...seen, turns, usage });
    spend(usage, (reason) => over.abort(reason));
  };
  const end = await runAgent(
    { model, clock, onTurn },
    task,
    AbortSignal.any([signal, over.signal]),
  );
  spend(end.usage, () => undefined);
  const reason = end.kind === "failed" ? end.message : null;
  emit({ kind: "agent-ended", ...seen, ok: end.kind === "answered", reason, usage: end.usage });
  return end;
}

interface Purse {
  guarded<T>(
    work: (spend: (usage: Usage, stop: (reason: Error) => void) => void) => Promise<T>,
  ): Promise<T>;
}

/** Counts what every agent has cost so far, running ones included. Unknown prices count as nothing and cannot be capped. */
function openPurse({ budgetUsd, spentUsd }: AgentPoolOptions): Purse {
  let total = spentUsd;
  const refuse = (): void => {
    if (budgetUsd !== null && total >= budgetUsd) throw spent(total, budgetUsd);
  };
  return {
    guarded: (work) => {
      refuse();
      let counted = 0;
      return work((usage, stop) => {
        total += (usage.costUsd ?? 0) - counted;
        counted = usage.costUsd ?? 0;
        if (budgetUsd !== null && total >= budgetUsd) stop(spent(total, budgetUsd));
      });
    },
  };
}

const spent = (total: number, budgetUsd: number): BudgetSpent =>
  new BudgetSpent(
    `The run's cap of ${money(budgetUsd)} is reached (${money(total)} spent). What is finished is kept; ` +
      "ask again with a higher `--budget` to go further.",
  );
