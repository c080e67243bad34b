// An agent: one model on one task, until a typed answer or a limit ends it.

import type { Json, Model, ModelErrorKind, Turn, TurnRequest, Usage } from "./model.ts";
import type { Readable, Overlay } from "../repo/contract.ts";
import type { ToolName } from "./tool-names.ts";

/** Which words and tools an agent gets. */
export type Role = "worker" | "reviewer" | "resolver" | "synthesizer" | "author";

/** A part of the task: ours (instructions) or somebody else's (data, fenced before the model sees it). */
export type TaskPart =
  | { kind: "instructions"; text: string }
  | { kind: "data"; title: string; text: string };

interface ReadOnlyFiles {
  kind: "read-only";
  from: Readable;
  /** The same files as they were before the change that is judged; left out: nothing was changed. */
  before?: Readable;
}

interface EditableFiles {
  kind: "editable";
  overlay: Overlay;
  /** Paths to leave alone; left out: those that no agent may change anywhere. */
  isProtected?: (path: string) => boolean;
}

export interface AgentTask {
  role: Role;
  task: readonly TaskPart[];
  /** Added to the role's own words, e.g. an agent file's body. */
  extraSystem?: string;
  /** What it reads; with an overlay it may also edit. Null: no repository tools at all. */
  files: ReadOnlyFiles | EditableFiles | null;
  /** Of the tools over its files, only these; left out: all of them. */
  tools?: ReadonlySet<ToolName>;
  /** JSON Schema of the answer; null: the final text is the answer. */
  answer: { [key: string]: Json } | null;
  model: string;
  effort: "low" | "medium" | "high" | "xhigh" | "max" | null;
  limits: AgentLimits;
}

export interface AgentLimits {
  turns: number;
  /** Output tokens a turn. */
  turnOutputTokens: number;
  /** Attempts at an answer that fits the schema (dialect P25: 5). */
  answerAttempts: number;
  /** Of work: waits for the provider's limits do not count. */
  wallClockMs: number;
}

export type AgentFailure =
  | "answer-does-not-fit"
  | "no-answer"
  | "turns-used-up"
  | "out-of-time"
  | "refusal"
  | "output-too-long"
  | "stuck"
  | "protected-paths"
  /** It would have published one. */
  | "secrets"
  | "provider";

/** How it ended. A failure is data here; the step decides what the script sees. */
export type AgentEnd =
  | { kind: "answered"; answer: Json; usage: Usage; turns: number }
  | {
      kind: "failed";
      failure: AgentFailure;
      message: string;
      /** Set with `provider`: a spend cap or a refused key concerns the whole run, not this agent. */
      providerError?: ModelErrorKind;
      usage: Usage;
      turns: number;
    };

/** Where an agent's turns are kept, so that it goes on where it stood when the process was replaced. */
export interface Transcript {
  /** The turns that an earlier process kept for exactly this request, oldest first; for any other one it starts anew. */
  begin(request: TurnRequest): Promise<Turn[]>;
  /** On disk when it resolves. */
  keep(turn: Turn): Promise<void>;
}

export interface AgentWorld {
  /** It tries again by itself what passes; what it rejects with ends the agent. */
  model: Model;
  clock: { now(): number; sleep(ms: number, signal?: AbortSignal): Promise<void> };
  /** Left out: an agent that is cut off begins again. */
  transcript?: Transcript;
  /** Called after each turn with the sums so far. */
  onTurn?: (turns: number, usage: Usage) => void;
  /** Goes into the fences around data; the same seed and task give the same words, so a replay hits the cache. */
  seed?: string;
}

/** Runs one agent. Rejects only when `signal` is aborted (with its reason) or on a bug of ours. */
export type RunAgent = (
  world: AgentWorld,
  task: AgentTask,
  signal: AbortSignal,
) => Promise<AgentEnd>;
