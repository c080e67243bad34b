// What a script would do and cost, before it runs: its preview, put into the numbers of a plan.

import type { AgentTask } from "../agent/agent.ts";
import { Conversation } from "../agent/conversation.ts";
import type { Json } from "../engine/json.ts";
import { openConventions } from "../steps/conventions.ts";
import { openInstructions } from "../steps/instructions.ts";
import { resolveModel } from "../config/models.ts";
import { limits } from "../config/limits.ts";
import { StepFailed } from "../engine/errors.ts";
import type { Sandbox } from "../engine/sandbox.ts";
import type { FindChild } from "../preview/children.ts";
import { costOf, type Priced, projectedTokens } from "../preview/cost.ts";
import { realGround } from "../preview/ground.ts";
import { type Preview, type Previewed, previewScript } from "../preview/preview.ts";
import { phasesOf, type Started } from "../preview/tally.ts";
import { renderDiff } from "../repo/diff-text.ts";
import type { FileDiff } from "../repo/git-data.ts";
import { childFinder } from "../script/child.ts";
import { agentLimits, chooserOf } from "./agents.ts";
import type { House } from "./house.ts";
import type { LiveRun } from "./live.ts";
import type { Ground } from "./plan.ts";
import type { Estimate } from "./plan-record.ts";

interface Given {
  run: LiveRun;
  ground: Ground;
  source: string;
}

/** Asks no model and changes nothing. A preview that fails inside is an estimate with trouble, never a failed run. */
export async function estimateOf(
  house: House,
  given: Given,
  signal: AbortSignal,
): Promise<Estimate> {
  // Computing, not waiting: it is measured by the machine's own time.
  const tooLong = AbortSignal.timeout(limits.run.previewMs);
  try {
    const both = AbortSignal.any([signal, tooLong]);
    const prefixTokens = await countPrefix(house, given, signal);
    const previewed = await preview(house, { ...given, prefixTokens }, both);
    const estimate = estimateFrom(previewed, modelOf(house, given.run), prefixTokens);
    signal.throwIfAborted();
    return tooLong.aborted ? { ...estimate, isKnown: false, trouble: TOO_LONG } : estimate;
  } catch (error) {
    signal.throwIfAborted();
    house.world.log.warn({ run: given.run.record().id, err: error }, "a plan has no preview");
    return { ...NOTHING, trouble: "the preview failed inside; the operator's log says why" };
  }
}

const TOO_LONG = "the preview took too long";
const NOTHING = {
  agents: 0,
  exact: false,
  isKnown: false,
  lowUsd: 0,
  highUsd: 0,
  tokens: 0,
  phases: [],
  past: null,
};

const modelOf = (house: House, run: LiveRun): string =>
  chooserOf(house, run)({ model: null, effort: null }).id;

/** What a worker's first turn begins with in this repository; null when the provider does not count. */
async function countPrefix(
  house: House,
  { run, ground }: Given,
  signal: AbortSignal,
): Promise<number | null> {
  const { model } = house.world;
  if (model.count === undefined) return null;
  const { settings } = run.record();
  const chars = limits.agent.rulesChars;
  const instructions = openInstructions(settings["paths.instructions"]);
  const task: AgentTask = {
    role: "worker",
    task: await openConventions(ground.trusted, { chars, instructions })(),
    files: { kind: "read-only", from: ground.base },
    answer: null,
    model: modelOf(house, run),
    effort: null,
    limits: agentLimits,
  };
  return await model.count(new Conversation(task, null, "").request(), signal);
}

async function preview(
  house: House,
  { run, ground, source, prefixTokens }: Given & { prefixTokens: number | null },
  signal: AbortSignal,
): Promise<Previewed> {
  const real = await realGround(
    ground.base,
    diffOf(ground.pull?.diff ?? []),
    ground.pull?.number ?? null,
  );
  return previewScript({
    source,
    args: { given: run.record().args },
    seed: 1,
    model: modelOf(house, run),
    prefixTokens,
    openSandbox: () => openBefore(house),
    groundFor: () => Promise.resolve(real),
    findChild: childOrNone(ground, house.settings.workflowsDir),
    signal,
  });
}

// The run itself wants one soon after its preview.
async function openBefore({ sandboxes }: House): Promise<Sandbox> {
  const sandbox = await sandboxes.open();
  sandboxes.prepare();
  return sandbox;
}

/** As `repo.diff()` gives it to a script. */
const diffOf = (files: readonly FileDiff[]): Json =>
  files.map((file) => ({
    path: file.path,
    status: file.status,
    additions: file.additions,
    deletions: file.deletions,
    patch: renderDiff([file], { maxCharacters: limits.agent.diffChars }),
  }));

function childOrNone({ trusted }: Ground, workflowsDir: string): FindChild {
  const find = childFinder(trusted, workflowsDir);
  return async (wanted) => {
    try {
      return await find(wanted);
    } catch (error) {
      if (error instanceof StepFailed) return null;
      throw error;
    }
  };
}

function estimateFrom(
  { preview, shown }: Previewed,
  model: string,
  prefixTokens: number | null,
): Estimate {
  const { started } = shown;
  const priced = started.map((call) => pricedOf(call, model));
  return {
    agents: shown.agents,
    exact: preview.exact,
    isKnown: true,
    lowUsd: preview.costUsd.low,
    highUsd: preview.costUsd.high,
    tokens: Math.round(projectedTokens(priced)),
    phases: phasesIn(preview, started, { model, prefixTokens }),
    past: null,
    trouble: preview.error === undefined ? null : `${preview.error.name}: ${preview.error.message}`,
  };
}

const pricedOf = (call: Started, model: string): Priced => ({
  ...call,
  model: resolveModel(call.model ?? model).id,
});

function phasesIn(
  { meta }: Preview,
  started: readonly Started[],
  { model, prefixTokens }: { model: string; prefixTokens: number | null },
): Estimate["phases"] {
  const declared = meta?.phases.map(({ title }) => title) ?? [];
  return phasesOf(declared, started).map(({ title, agents }) => {
    const calls = started.filter(({ phase }) => phase === title);
    const { costUsd } = costOf(
      calls.map((call) => pricedOf(call, model)),
      prefixTokens,
    );
    return { title, agents, lowUsd: costUsd.low, highUsd: costUsd.high, writes: writesOf(calls) };
  });
}

function writesOf(calls: readonly Started[]): Estimate["phases"][number]["writes"] {
  if (calls.some(({ kind }) => kind === "worker")) return "branches";
  return calls.some(({ step }) => step === "review") ? "reviews" : "nothing";
}
