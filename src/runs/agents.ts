// The way from a step to an agent: at most so many at once, counted against the run's cap, seen by watchers.

import PQueue from "p-queue";

import type { AgentEnd, AgentTask, Role, RunAgent } from "../agent/agent.ts";
import {
  type Hearing,
  type Model,
  ModelError,
  type ModelWait,
  type Usage,
} from "../agent/model.ts";
import { noUsage } from "../agent/usage.ts";
import { limits } from "../config/limits.ts";
import { priceOf } from "../config/models.ts";
import { Stopped } from "../engine/errors.ts";
import type { Emit } from "../engine/events.ts";
import type { AgentPool } from "../steps/context.ts";
import type { Clock } from "../world/clock.ts";
import type { Telemetry } from "../world/telemetry.ts";
import type { House } from "./house.ts";
import type { LiveRun } from "./live.ts";
import { moment } from "./render/text.ts";
import { AccountHeld, refuseWhenHeld } from "./hold.ts";
import { openPurse, type Purse } from "./purse.ts";
import type { Cost } from "./till.ts";
import type { Transcripts } from "./transcripts.ts";
import { agentsIn } from "./view.ts";

interface AgentPoolOptions {
  /** The provider for this run's agents of one role. */
  modelFor: (role: Role) => Model;
  clock: Clock;
  telemetry: Telemetry;
  /** Id of the run. */
  run: string;
  runAgent: RunAgent;
  transcripts: Transcripts;
  emit: Emit;
  agentsAtOnce: number;
  purse: Purse;
  /** Throws a `Stopped` while no agent may begin. */
  refuseWhenHeld: () => void;
  time: AbortSignal | null;
}

/** Limits of one agent, whoever asked for it. */
export const agentLimits: AgentTask["limits"] = {
  turns: limits.agent.turns,
  turnOutputTokens: limits.agent.turnOutputTokens,
  answerAttempts: limits.agent.answerAttempts,
  wallClockMs: limits.run.agentMs,
};

/** Model and effort of a call: its own word, else the repository's, else the bot's. */
export function chooserOf(house: House, run: LiveRun): House["settings"]["chooseModel"] {
  return ({ model, effort }) => {
    const { settings } = run.record();
    return house.settings.chooseModel({
      model: model ?? settings.model,
      effort: effort ?? settings.effort,
    });
  };
}

/** The run's time is over: what is finished is kept, agents at work are given up, and nothing new starts. */
export class TimeSpent extends Stopped {
  override readonly name = "TimeSpent";
}

/** What this process knows that runs have cost: a disk that is full does not take what is to be written of it. */
const known = new WeakMap<LiveRun, number>();

/**
 * The pool of a run as it stands: what its agents have cost so far counts against its cap. An abort of `time` ends its
 * agents, with `TimeSpent`.
 */
export function poolOf(house: House, run: LiveRun, time: AbortSignal | null = null): AgentPool {
  const { clock, telemetry } = house.world;
  const { id, repository, settings } = run.record();
  const installation = repository.installationId;
  const spent = agentsIn(run.view).map(({ usage }) => usage);
  return openAgentPool({
    modelFor: (role) =>
      telling({ run, clock, telemetry }, house.gate.modelFor({ installation, run: id, role })),
    clock,
    telemetry,
    run: id,
    runAgent: house.runAgent,
    transcripts: run.folder.transcripts,
    emit: run.see,
    agentsAtOnce: Math.min(limits.run.agentsAtOnce, settings["limits.agentsAtOnce"]),
    purse: openPurse({
      cap: () => run.record().limits.budgetUsd,
      spent,
      knownUsd: known.get(run) ?? 0,
      onSum: (usd) => known.set(run, usd),
      agentCapUsd: settings["budget.agent"],
      priceOf,
      ...moneyOf(house, run),
    }),
    refuseWhenHeld: () => refuseWhenHeld(run),
    time,
  });
}

/** The part of a purse that all runs share: what is set aside, and the caps of the day. */
function moneyOf({ till, dayBook, settings }: House, run: LiveRun) {
  const { repository, requester, settings: rules } = run.record();
  const payer = {
    installation: repository.installationId,
    repository: repository.repositoryId,
    user: requester.id,
  };
  const caps = {
    installation: settings.dayBudgetUsd,
    repository: rules["budget.day"],
    user: rules["budget.personDay"],
  };
  return {
    till,
    today: () => dayBook.accountsOf(payer, caps),
    setAside: (cost: Cost, signal: AbortSignal) => dayBook.setAside({ payer, caps }, cost, signal),
    onSpent: (costUsd: number) => dayBook.write(payer, costUsd),
  };
}

type Who = Parameters<AgentPool["run"]>[1];

function openAgentPool(options: AgentPoolOptions): AgentPool {
  const queue = new PQueue({ concurrency: options.agentsAtOnce });
  return {
    run: async (task, who, asked) => {
      const { time } = options;
      const signal = time === null ? asked : AbortSignal.any([asked, time]);
      const end = await queue.add(() => watchedOne(options, { task, who }, signal), { signal });
      return end;
    },
  };
}

/** An agent as operators see it: how long it took, and how agents of its role end. */
async function watchedOne(
  options: AgentPoolOptions,
  asked: { task: AgentTask; who: Who },
  signal: AbortSignal,
): Promise<AgentEnd> {
  const { telemetry, run } = options;
  const { role } = asked.task;
  let outcome = "stopped";
  const work = async (): Promise<AgentEnd> => {
    const end = await runOne(options, asked, signal);
    outcome = end.kind;
    return end;
  };
  try {
    return await telemetry.during({ name: "agent", run, facts: { role } }, work);
  } finally {
    telemetry.add("agents.ended", 1, { role, outcome });
  }
}

async function runOne(
  { modelFor, clock, runAgent, transcripts, emit, purse, ...options }: AgentPoolOptions,
  { task, who }: { task: AgentTask; who: Who },
  signal: AbortSignal,
): Promise<AgentEnd> {
  options.refuseWhenHeld();
  purse.refuseWhenEmpty();
  const seen = { key: who.call.key, agent: String(who.index) };
  const agentPurse = purse.agent();
  let usage = noUsage;
  emit({ kind: "agent-started", ...seen, role: task.role, label: who.label });
  const onTurn = (turns: number, sum: Usage): void => {
    usage = sum;
    agentPurse.counted(usage);
    emit({ kind: "agent-turned", ...seen, turns, usage });
  };
  try {
    const end = await runAgent(
      {
        model: agentPurse.guard(modelFor(task.role)),
        clock,
        transcript: transcripts.of({ key: who.call.key, index: who.index }),
        onTurn,
      },
      task,
      signal,
    );
    agentPurse.counted(end.usage);
    const reason = end.kind === "failed" ? end.message : null;
    emit({ kind: "agent-ended", ...seen, ok: end.kind === "answered", reason, usage: end.usage });
    return end;
  } catch (error) {
    // One that waits for the provider has not failed: it goes on with the turns it has taken.
    if (error instanceof Stopped && !(error instanceof AccountHeld))
      emit({ kind: "agent-ended", ...seen, ok: false, reason: error.message, usage });
    throw error;
  }
}

/** What the provider's trouble holds up stands in the run's comment for as long as it lasts. */
function telling(
  { run, clock, telemetry }: { run: LiveRun; clock: Clock; telemetry: Telemetry },
  model: Model,
): Model {
  return {
    turn: async (request, signal, hearing) => {
      const waiting: Hearing["waiting"] = (wait) => {
        const goOn = hearing?.waiting?.(wait);
        const since = clock.now();
        const cause = wait.message === null ? "place" : "provider";
        const told = waitText(wait);
        if (told !== null) run.see({ kind: "held-up", reason: told });
        return () => {
          goOn?.();
          telemetry.took("wait", clock.now() - since, { cause });
          if (told !== null && run.view.waiting === told)
            run.see({ kind: "held-up", reason: null });
        };
      };
      try {
        return await model.turn(request, signal, { ...hearing, waiting });
      } catch (error) {
        throw accountHeld(error, clock.now()) ?? error;
      }
    },
  };
}

/** What concerns the account and not the turn: the agents' turns are kept, and the run goes on with them later. */
function accountHeld(error: unknown, now: number): AccountHeld | null {
  if (!(error instanceof ModelError) || !isHeld(error)) return null;
  const until = now + (error.retryAfterMs ?? 0);
  return new AccountHeld(`${error.message} It is asked again at ${moment(until)}.`, until);
}

const isHeld = ({ kind, retryAfterMs }: ModelError): boolean =>
  ["spend-cap", "authentication"].includes(kind) && retryAfterMs !== null;

function waitText({ message, until }: ModelWait): string | null {
  if (message === null) return null;
  return until === null ? message : `${message} Next try at ${moment(until)}.`;
}
