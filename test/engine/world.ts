// A small world for the run loop: steps whose ends the test decides, a journal in memory, watchers.

import { setTimeout as sleep } from "node:timers/promises";

import type {
  Call,
  CallContext,
  Outcome,
  Performed,
  Settlement,
  Step,
} from "../../src/engine/call.ts";
import { StepFailed } from "../../src/engine/errors.ts";
import type { RunEvent } from "../../src/engine/events.ts";
import type { Entry } from "../../src/engine/journal.ts";
import type { Json } from "../../src/engine/json.ts";
import { runScript, type RunOptions } from "../../src/engine/run.ts";
import { openInProcessSandbox } from "../../src/engine/sandbox/in-process.ts";
import { functions } from "./drive.ts";

export interface World {
  journal: Entry[];
  /** The sizes of the appends. */
  appends: number[];
  events: RunEvent[];
  /** Keys in the order their work began. */
  performed: string[];
  /** Runs the script over the journal as it stands. */
  run(source: string, more?: Partial<RunOptions>): Promise<Json>;
}

export type Perform = (call: Call, context: CallContext) => Promise<Settlement>;

export const promptOf = ({ input }: Call): string => {
  const prompt = input["prompt"];
  return typeof prompt === "string" ? prompt : "";
};

export const ok = (value: Json, outputTokens?: number): Performed => ({
  outcome: { ok: true, value },
  ...(outputTokens === undefined ? {} : { usage: usageOf(outputTokens) }),
});

export const lost: Outcome = { ok: false, error: { name: "Error", message: "lost" } };

export function usageOf(outputTokens: number) {
  return { inputTokens: 1, outputTokens, cacheReadTokens: 0, cacheWriteTokens: 0, costUsd: 0 };
}

/** A world in which `agent` does what the test says, and gives the prompt back by default. */
export function createWorld(
  perform: Perform = async (call) => ok(promptOf(call)),
  history: readonly Entry[] = [],
): World {
  const journal = [...history];
  const appends: number[] = [];
  const events: RunEvent[] = [];
  const performed: string[] = [];
  const step = (replay: Step["replay"], agents: number): Step => ({
    identity: (input) => input,
    agents: () => agents,
    replay,
    perform(call, context) {
      performed.push(call.key);
      return perform(call, context);
    },
  });
  const steps = { agent: step("recorded", 1), "repo.files": step("recomputed", 0) };
  return {
    journal,
    appends,
    events,
    performed,
    async run(source, more = {}) {
      const { value } = await runScript({
        source,
        args: undefined,
        functions,
        constants: {},
        steps,
        openSandbox: () => openInProcessSandbox(),
        history: [...journal],
        append: async (entries) => {
          await Promise.resolve();
          appends.push(entries.length);
          journal.push(...entries);
        },
        emit: (event) => events.push(event),
        now: () => journal.length,
        sleep: (ms, signal) => sleep(ms, undefined, { signal }),
        findWorkflow: () => Promise.reject(new StepFailed("There is no other workflow.")),
        limits: { agents: 1_000, outputTokens: null },
        signal: new AbortController().signal,
        ...more,
      });
      return value;
    },
  };
}

export const endedKeys = (entries: readonly Entry[]): string[] =>
  entries.filter(({ kind }) => kind === "call-ended").map(({ key }) => key);

/** Work that ends when the test says so, by prompt. */
export function createGates() {
  const gates = new Map<string, PromiseWithResolvers<Settlement>>();
  const gate = (prompt: string) => {
    const known = gates.get(prompt) ?? Promise.withResolvers<Settlement>();
    gates.set(prompt, known);
    return known;
  };
  return {
    perform: (call: Call, { signal }: CallContext): Promise<Settlement> =>
      Promise.race([gate(promptOf(call)).promise, aborted(signal)]),
    open: (prompt: string, settlement: Settlement = ok(prompt)) => gate(prompt).resolve(settlement),
  };
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener("abort", () => reject(new Error("aborted", { cause: signal.reason })));
  });
}

/** Lets everything that can go on go on, until something is so. */
export async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await turn();
}

/** One turn of the event loop, and all that follows from it at once. */
export async function turn(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
}
