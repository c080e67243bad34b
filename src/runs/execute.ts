// The middle of a run: the script in its sandbox over the steps; and the two agents beside it, author and synthesizer.

import type { AgentEnd, AgentTask, Role, TaskPart } from "../agent/agent.ts";
import { authorAnswerSchema } from "../agent/tasks/author.ts";
import {
  SynthesisAnswer,
  synthesisAnswerSchema,
  synthesizerTask,
} from "../agent/tasks/synthesizer.ts";
import { limits } from "../config/limits.ts";
import type { Call } from "../engine/call.ts";
import type { Entry } from "../engine/journal.ts";
import type { Json } from "../engine/json.ts";
import { runScript } from "../engine/run.ts";
import type { Snapshot } from "../repo/contract.ts";
import { authorScript } from "../script/author.ts";
import { scriptFunctions } from "../script/language.ts";
import { findWorkflows } from "../script/saved.ts";
import type { AgentPool, RunContext } from "../steps/context.ts";
import { sumUsage } from "../steps/outcome.ts";
import { receiptOf } from "../steps/receipt.ts";
import type { AgentReceipt, StepRecord } from "../steps/records.ts";
import { stepTable } from "../steps/table.ts";
import { openAgentPool } from "./agents.ts";
import type { House } from "./house.ts";
import type { LiveRun } from "./live.ts";
import { type Ground, PlanRefused } from "./plan.ts";
import { type Publications, publicationsOf } from "./publications.ts";
import { factsOf } from "./render/facts.ts";
import { harmless } from "./render/text.ts";
import type { RunSite } from "./site.ts";
import { agentsIn, PLAN_PHASE } from "./view.ts";

const AUTHOR = "plan:author";
const REPORT = "finish:report";
const SYNTHESIS = "finish:synthesis";

/** Entries of the house itself; the script never asked for them and replay must not look for them there. */
const isOurs = ({ step }: Entry): boolean => step.startsWith("plan:") || step.startsWith("finish:");

/** Runs the script to its return, from wherever the journal stands. */
export async function executeScript(
  house: House,
  { run, site, ground }: { run: LiveRun; site: RunSite; ground: Ground },
  signal: AbortSignal,
): Promise<void> {
  const source = run.script();
  if (source === null) throw new Error("A run without a script cannot be executed.");
  const record = run.record();
  const result = await runScript({
    source,
    args: record.args,
    functions: scriptFunctions,
    constants: { repo: { head: ground.base.commit, pull: ground.pull?.number ?? null } },
    steps: stepTable(contextOf(house, { run, site, ground })),
    openSandbox: house.openSandbox,
    history: run.entries().filter((entry) => !isOurs(entry)),
    append: run.append,
    emit: run.see,
    now: house.world.clock.now,
    limits: { agents: record.limits.agents, outputTokens: null },
    signal,
  });
  const { report } = publicationsOf(ground.base.commit, run.entries());
  if (report === null)
    await note(house, run, { key: REPORT, record: { kind: "reported", value: result.value } });
}

/** Has a script written for the task; asked once, since the answer is journaled and the script kept. */
export async function writeScript(
  house: House,
  { run, task, trusted }: { run: LiveRun; task: string; trusted: Snapshot },
  signal: AbortSignal,
): Promise<{ source: string; title: string }> {
  const { workflows } = await findWorkflows(trusted, house.settings.workflowsDir);
  const pool = poolOf(house, run);
  const call = await announce(house, run, { key: AUTHOR, phase: PLAN_PHASE });
  const ask = (parts: readonly TaskPart[], round: number): Promise<AgentEnd> => {
    const files: AgentTask["files"] = { kind: "read-only", from: trusted };
    const agent = taskFor(house, { role: "author", parts, answer: authorAnswerSchema, files });
    return pool.run(agent, { call, index: round - 1, label: "author" }, signal);
  };
  const authored = await authorScript(ask, { task, trusted, workflows });
  const agents = authored.ends.map((end) =>
    receiptOf(end, { role: "author", label: "author", model: modelOf(house) }),
  );
  await note(house, run, { key: AUTHOR, record: { kind: "answered", agents, read: [] } });
  if (authored.kind === "authored") return authored;
  throw new PlanRefused(
    `No script could be written for this task: ${harmless(authored.message)}\n\n` +
      "Nothing was started. Say the task more exactly, or use a saved workflow (`/workflow help`).",
  );
}

/** The synthesizer's words for the final pull request; null when it failed: the facts stand alone then. */
export async function synthesize(
  house: House,
  { run, publications }: { run: LiveRun; publications: Publications },
  signal: AbortSignal,
): Promise<SynthesisAnswer | null> {
  const known = run
    .entries()
    .find((entry) => entry.kind === "call-ended" && entry.step === SYNTHESIS);
  if (known?.kind === "call-ended" && known.outcome?.ok === true) {
    return SynthesisAnswer.nullable().parse(known.outcome.value);
  }
  const call = await announce(house, run, { key: SYNTHESIS, phase: "Synthesize" });
  const parts = synthesizerTask(factsOf(run.record(), publications));
  const task = taskFor(house, {
    role: "synthesizer",
    parts,
    answer: synthesisAnswerSchema,
    files: null,
  });
  const end = await poolOf(house, run).run(task, { call, index: 0, label: "synthesizer" }, signal);
  const answer = end.kind === "answered" ? SynthesisAnswer.parse(end.answer) : null;
  const agents = [
    receiptOf(end, { role: "synthesizer", label: "synthesizer", model: modelOf(house) }),
  ];
  await note(house, run, {
    key: SYNTHESIS,
    record: { kind: "answered", agents, read: [] },
    value: answer,
  });
  return answer;
}

const modelOf = (house: House): string =>
  house.settings.chooseModel({ model: null, effort: null }).id;

function taskFor(
  house: House,
  {
    role,
    parts,
    answer,
    files,
  }: {
    role: Role;
    parts: readonly TaskPart[];
    answer: AgentTask["answer"];
    files: AgentTask["files"];
  },
): AgentTask {
  const choice = house.settings.chooseModel({ model: null, effort: null });
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

/** Limits of one agent, whoever asked for it. */
const agentLimits: AgentTask["limits"] = {
  turns: limits.agent.turns,
  turnOutputTokens: limits.agent.turnOutputTokens,
  answerAttempts: limits.agent.answerAttempts,
  wallClockMs: limits.run.agentMs,
  turnAttempts: limits.agent.turnAttempts,
};

function contextOf(
  house: House,
  { run, site, ground }: { run: LiveRun; site: RunSite; ground: Ground },
): RunContext {
  const { id, requester } = run.record();
  return {
    run: { id, requester, author: house.settings.author },
    mirror: site.mirror,
    base: ground.base,
    pull: ground.pull,
    ledger: publicationsOf(ground.base.commit, run.entries()).ledger,
    agents: poolOf(house, run),
    emit: run.see,
    now: house.world.clock.now,
    chooseModel: house.settings.chooseModel,
    limits: {
      agent: agentLimits,
      reviewersMax: limits.agent.reviewersMax,
      diffChars: limits.agent.diffChars,
    },
    combineUnaccepted: false,
  };
}

function poolOf(house: House, run: LiveRun): AgentPool {
  const { clock, model } = house.world;
  return openAgentPool({
    model,
    clock,
    runAgent: house.runAgent,
    emit: run.see,
    agentsAtOnce: limits.run.agentsAtOnce,
    budgetUsd: run.record().limits.budgetUsd,
    spentUsd: sumUsage(agentsIn(run.view)).costUsd ?? 0,
  });
}

async function announce(
  house: House,
  run: LiveRun,
  { key, phase }: { key: string; phase: string },
): Promise<Call> {
  const call: Call = { key, step: key, input: {}, label: null, phase };
  await run.append([
    { v: 1, kind: "call-started", key, step: key, label: null, phase, at: house.world.clock.now() },
  ]);
  return call;
}

async function note(
  house: House,
  run: LiveRun,
  { key, record, value }: { key: string; record: StepRecord; value?: Json },
): Promise<void> {
  const agents: readonly AgentReceipt[] = "agents" in record ? record.agents : [];
  await run.append([
    {
      v: 1,
      kind: "call-ended",
      key,
      step: key,
      outcome: { ok: true, value: value ?? null },
      usage: sumUsage(agents),
      record,
      at: house.world.clock.now(),
    },
  ]);
}
