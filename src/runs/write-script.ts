// The author before a script: told of the repository and the run's money, its script previewed, its words put into the record.

import type { AgentEnd, TaskPart } from "../agent/agent.ts";
import { type AuthorAnswer, authorAnswerSchema } from "../agent/tasks/author.ts";
import { limits } from "../config/limits.ts";
import { costOf } from "../preview/cost.ts";
import { authorScript } from "../script/author.ts";
import { repositoryFacts } from "../script/repository-facts.ts";
import { findWorkflows } from "../script/saved.ts";
import { receiptOf } from "../steps/receipt.ts";
import { chooserOf, poolOf } from "./agents.ts";
import { estimateOf } from "./estimate.ts";
import type { House } from "./house.ts";
import type { LiveRun } from "./live.ts";
import { modelOf, taskFor } from "./own-agents.ts";
import { spotOf } from "./spot.ts";
import { announce, note, own } from "./own-entries.ts";
import { type Ground } from "./plan.ts";
import { PlanRefused } from "./plan-refused.ts";
import type { Estimate } from "./plan-record.ts";
import { harmless } from "./render/harmless.ts";
import { counted, money } from "./render/text.ts";
import { advisedAgents } from "./size.ts";
import { PLAN_PHASE } from "./view.ts";

interface Asked {
  run: LiveRun;
  ground: Ground;
  task: string;
}

/** Has a script written for the task; asked once, since the answer is journaled and the script kept. */
export async function writeScript(
  house: House,
  { run, ground, task }: Asked,
  signal: AbortSignal,
): Promise<{ source: string; title: string }> {
  const { trusted } = ground;
  const { workflows } = await findWorkflows(trusted, house.settings.workflowsDir);
  const pool = poolOf(house, run);
  const call = await announce(house, run, { step: own.author, phase: PLAN_PHASE });
  const ask = (parts: readonly TaskPart[], round: number): Promise<AgentEnd> => {
    const files = { kind: "read-only", from: trusted } as const;
    const asked = { role: "author", parts, answer: authorAnswerSchema, files } as const;
    const agent = taskFor(chooserOf(house, run), asked);
    return pool.run(agent, { call, index: round - 1, label: "author" }, signal);
  };
  const estimate = (source: string): Promise<Estimate> =>
    estimateOf(house, { run, ground, source }, signal);
  const authored = await authorScript(
    { ask, preview: async (source) => objection(run, await estimate(source)) },
    {
      task,
      workflows,
      ...(await repositoryFacts(trusted, { rulesChars: limits.agent.rulesChars })),
      fewerThan: advisedAgents(run.record().settings.size),
      budget: budgetText(house, run),
      place: spotOf(run.record().place),
    },
  );
  const agents = authored.ends.map((end) =>
    receiptOf(end, { role: "author", label: "author", model: modelOf(house, run) }),
  );
  await note(house, run, { step: own.author, record: { kind: "answered", agents, read: [] } });
  if (authored.kind === "failed") {
    throw new PlanRefused(
      `No script could be written for this task: ${harmless(authored.message)}\n\n` +
        "Nothing was started. Say the task more exactly, or use a saved workflow (`/workflow help`).",
    );
  }
  const { script: source, title } = authored.answer;
  await noteSize(house, { run, answer: authored.answer, estimate: await estimate(source) });
  return { source, title };
}

/** What the preview has against a script, for its author. */
function objection(run: LiveRun, { trouble, agents, lowUsd, isKnown }: Estimate): string | null {
  if (!isKnown) return null;
  if (trouble !== null) return `Run against made-up answers, the script throws: ${trouble}`;
  const { budgetUsd, agents: most } = run.record().limits;
  if (agents > most)
    return `The script starts ${agents} agents, and this run may start ${most}. Divide into fewer parts.`;
  if (budgetUsd === null || lowUsd <= budgetUsd) return null;
  return `The script costs ${money(lowUsd)} at the least, and this run may cost ${money(budgetUsd)}. Divide into fewer parts.`;
}

/** What the run's cap is worth: a worker and its reviewer, at the dear end. */
function budgetText(house: House, run: LiveRun): string | null {
  const { budgetUsd } = run.record().limits;
  if (budgetUsd === null) return null;
  const { low, high } = priceOfPairs(house, run, 1);
  if (high <= 0) return null;
  const pairs = Math.max(1, Math.floor(budgetUsd / high));
  return `This run may cost ${money(budgetUsd)}. A worker with its reviewer costs ${money(low)} to ${money(high)}: plan for ${counted(pairs, "such part")} at most.`;
}

function priceOfPairs(house: House, run: LiveRun, pairs: number) {
  const each = { agents: pairs, model: modelOf(house, run), effort: run.record().settings.effort };
  return costOf([
    { kind: "worker", ...each },
    { kind: "reviewer", ...each },
  ]).costUsd;
}

/** A fan-out over what one agent can hold is a tax: the plan says so, with the price of both. */
async function noteSize(
  house: House,
  { run, answer, estimate }: { run: LiveRun; answer: AuthorAnswer; estimate: Estimate },
): Promise<void> {
  const { fitsOneContext, fanOutAgents } = answer;
  if (fitsOneContext !== true || fanOutAgents === undefined) return;
  const fanOut = priceOfPairs(house, run, Math.ceil(fanOutAgents / 2));
  const range = (low: number, high: number): string => `${money(low)} to ${money(high)}`;
  const text = `This task fits one context, so one worker and its reviewers do it (${range(estimate.lowUsd, estimate.highUsd)}); a fan-out to ${counted(fanOutAgents, "agent")} would cost ${range(fanOut.low, fanOut.high)}.`;
  await run.update({ notes: [...run.record().notes, text] });
}
