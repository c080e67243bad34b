// What a script asks for, and the answer it gets.

import type { Json, JsonObject } from "./json.ts";

/** One asking of a script. Steps are idempotent: names of what they make come from `key`. */
export interface Call {
  /** Hash of what is asked (step and the input fields that change the outcome) plus `.` and its occurrence. */
  key: string;
  /** Name of the step in the table the engine was given, e.g. `agent`. */
  step: string;
  /** Arguments by name, as the language table names them, options mixed in; without `label` and `phase`. */
  input: JsonObject;
  /** What people read in progress displays; never part of the key. */
  label: string | null;
  /** The phase the call belongs to, fixed when it was asked; never part of the key. */
  phase: string | null;
}

/** The answer to a call: a value the script receives, or an error it can catch. */
export type Outcome =
  | { ok: true; value: Json }
  | { ok: false; error: { name: string; message: string } };

/** Tokens and money of one call, all agents in it summed. `costUsd` is null when a model has no known price. */
export interface Usage {
  inputTokens: number;
  outputTokens: number;
  cacheReadTokens: number;
  cacheWriteTokens: number;
  costUsd: number | null;
}

/** What a step hands back: the outcome, what it used, and a record for the publisher that the script never sees. */
export interface Performed {
  outcome: Outcome;
  usage?: Usage;
  record?: Json;
  /** Agents that it started beyond those its step announces. */
  moreAgents?: number;
}

/**
 * A step's work, in two halves. `perform` runs beside other calls. What it resolves to is either final, or a
 * function that the loop runs alone, in journal order, just before it writes the entry: the place for changes to
 * state that calls share (the trunk), so that the order of those changes is the order of the journal.
 */
export type Settlement = Performed | (() => Promise<Performed>);

/** What a step gets besides the call. */
export interface CallContext {
  /** Aborted when the run is cancelled or ends without waiting for this call. */
  signal: AbortSignal;
  /**
   * Waits for something outside that may take days. Once every call that is still open waits so, the run stops with
   * `Suspended`, and this rejects.
   */
  parked: <Value>(waiting: Promise<Value>) => Promise<Value>;
  /** Counts further agents against the run's ceiling; false, and none may be started, when it leaves no room. */
  claim: (agents: number) => boolean;
  /** When the call was first started, maybe by an earlier process; milliseconds since 1970. */
  startedAt: number;
}

/** One thing a script can ask for. */
export interface Step {
  /** The part of the input that changes the outcome; two calls with equal identities are the same question. */
  identity(input: JsonObject): Json;
  /** How many agents this call will start; counted against the ceiling before it is performed. */
  agents(input: JsonObject): number;
  /**
   * `recorded`: the outcome is in the journal and is replayed from there.
   * `recomputed`: a cheap pure read at the pinned commit; the journal holds only its place in the order, and a
   * replay performs it again.
   */
  replay: "recorded" | "recomputed";
  /** A `StepFailed`, thrown here or by the settlement, is an error the script can catch; any other ends the run. */
  perform(call: Call, context: CallContext): Promise<Settlement>;
}

/** Every step a script can ask for, by name. */
export type StepTable = Readonly<Record<string, Step>>;

/** A global function of the language: `agent(prompt, opts)` is `{ name: "agent", step: "agent", parameters: ["prompt"] }`. */
export interface ScriptFunction {
  /** Name in the script; one dot makes a member of an object (`repo.files`). */
  name: string;
  step: string;
  /** Positional parameters by name; an options object may follow them. */
  parameters: readonly string[];
}
