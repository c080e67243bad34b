// Steps over a real repository, with agents that are functions: what a script gets, and what the journal keeps.

import type { AgentEnd, AgentTask } from "../../src/agent/agent.ts";
import type { Json } from "../../src/agent/model.ts";
import { choose } from "../../src/config/models.ts";
import type { Performed } from "../../src/engine/call.ts";
import { StepFailed } from "../../src/engine/errors.ts";
import type { RunEvent } from "../../src/engine/events.ts";
import { createKeys } from "../../src/engine/run/keys.ts";
import type { Overlay } from "../../src/repo/contract.ts";
import { branchOf } from "../../src/repo/refs.ts";
import { openAgentTypes } from "../../src/steps/agent-types/agent-types.ts";
import type { RunContext } from "../../src/steps/context.ts";
import { protecting } from "../../src/repo/protected-paths.ts";
import { openConventions } from "../../src/steps/conventions.ts";
import { openInstructions } from "../../src/steps/instructions.ts";
import { NOTHING_EARLIER } from "../../src/steps/earlier.ts";
import { openLedger } from "../../src/steps/ledger.ts";
import { openNotes } from "../../src/steps/notes.ts";
import { stepTable } from "../../src/steps/table.ts";
import { readable } from "../agent/memory-files.ts";
import { AT, AUTHOR, type openBench } from "../repo/kit.ts";

export const usage = {
  inputTokens: 100,
  outputTokens: 10,
  cacheReadTokens: 0,
  cacheWriteTokens: 0,
  costUsd: 0.25,
};

export const answered = (answer: Json): AgentEnd => ({
  kind: "answered",
  answer,
  usage,
  turns: 2,
});

export const lost: AgentEnd = {
  kind: "failed",
  failure: "provider",
  message: "The model is gone.",
  usage,
  turns: 1,
};

export type Agent = (task: AgentTask) => AgentEnd | Promise<AgentEnd>;

export interface Desk {
  context: RunContext;
  /** Tasks of all agents so far. */
  tasks: AgentTask[];
  /** Lines of the run's log. */
  logs: string[];
  /** What makes a call the same question as another. */
  identify(step: string, input: { [name: string]: Json }): Json | undefined;
  /** Asks a step as the engine does: perform, then settle. */
  ask(step: string, input: { [name: string]: Json }, label?: string): Promise<Performed>;
}

const RULES_CHARS = 2000;

/** A run's steps over the bench's repository; `rules` are the files of the branch that rules are read from. */
export async function openSteps(
  { mirror, base }: Pick<Awaited<ReturnType<typeof openBench>>, "mirror" | "base">,
  agent: Agent,
  rules: Readonly<Record<string, string>> = {},
): Promise<Desk> {
  const instructions = openInstructions([]);
  const trusted = readable(new Map(Object.entries(rules)));
  const tasks: AgentTask[] = [];
  const logs: string[] = [];
  const emit = (event: RunEvent): void => {
    if (event.kind === "logged") logs.push(event.message);
  };
  const context: RunContext = {
    run: {
      id: "wf-test",
      requester: { id: 1, login: "ada" },
      author: AUTHOR,
      placeOf: (worker) => branchOf("wf-test", worker),
    },
    mirror,
    base: await mirror.snapshot(base),
    pull: null,
    ledger: openLedger(base),
    questions: {
      ask: () => Promise.reject(new Error("Nobody is asked here.")),
      close: () => Promise.resolve(),
    },
    migrations: {
      isApart: false,
      ownersIn: async () => () => [],
      known: () => Promise.resolve([]),
      propose: () => Promise.resolve(),
    },
    checks: {
      ask: () => Promise.reject(new Error("There is no CI here.")),
      endOf: () => Promise.resolve(null),
    },
    earlier: NOTHING_EARLIER,
    agents: {
      run: async (task) => {
        tasks.push(task);
        return agent(task);
      },
    },
    agentTypes: openAgentTypes(trusted, { wordsChars: RULES_CHARS }),
    conventions: openConventions(trusted, { chars: RULES_CHARS, instructions }),
    instructions,
    isProtected: protecting([]),
    emit,
    noteOnce: openNotes(emit),
    now: () => AT,
    chooseModel: ({ model, effort }) => choose(model ?? "sonnet", effort),
    limits: {
      agent: {
        turns: 5,
        turnOutputTokens: 1000,
        answerAttempts: 5,
        wallClockMs: 1000,
      },
      reviewersMax: 9,
      checkLogs: 2,
      checkLogChars: 400,
      diffChars: 10_000,
    },
    combineUnaccepted: false,
  };
  const steps = stepTable(context);
  const nameCall = createKeys();
  return {
    context,
    tasks,
    logs,
    identify: (name, input) => steps[name]?.identity(input),
    ask: async (name, input, label) => {
      const step = steps[name];
      if (step === undefined) throw new Error(`There is no step ${name}.`);
      const call = {
        key: nameCall(name, step.identity(input)),
        step: name,
        input,
        label: label ?? null,
        phase: null,
      };
      try {
        const settlement = await step.perform(call, {
          signal: new AbortController().signal,
          parked: (waiting) => waiting,
          claim: () => true,
          startedAt: AT,
        });
        return typeof settlement === "function" ? await settlement() : settlement;
      } catch (error) {
        if (!(error instanceof StepFailed)) throw error;
        return { outcome: { ok: false, error: { name: error.name, message: error.message } } };
      }
    },
  };
}

/** What a script would be given: the value, or the error's message. */
export function heard({ outcome }: Performed): Json {
  return outcome.ok ? outcome.value : `${outcome.error.name}: ${outcome.error.message}`;
}

/** The overlay of an agent that may edit. */
export function overlayOf({ files }: AgentTask): Overlay {
  if (files?.kind !== "editable") throw new Error("This agent may not edit.");
  return files.overlay;
}

/** Edits one file, then answers. */
export const writing =
  (path: string, text: string, answer: Json = { summary: `Wrote ${path}` }): Agent =>
  async (task) => {
    await overlayOf(task).write(path, text);
    return answered(answer);
  };
