// The border around a script: what any sandbox does, whether in a child process or in this one.

import type { Outcome, ScriptFunction } from "./call.ts";
import type { Frame, Place } from "./errors.ts";
import type { Json, JsonObject } from "./json.ts";

/** Everything a script sees. Crosses the border as one JSON string. */
export interface Program {
  /** The author's text, already checked; the sandbox wraps it without moving a line. */
  source: string;
  functions: readonly ScriptFunction[];
  /** `undefined` when the command gave none. */
  args: Json | undefined;
  /** Constant objects such as `repo.head`; members of functions' objects are merged in. */
  constants: JsonObject;
  /** `budget.total` in output tokens, or null. */
  budgetTotal: number | null;
}

/** A call as it leaves the sandbox: not yet keyed. */
export interface Asked {
  /** Number of the call within this evaluation, from 0, in the order asked. */
  id: number;
  step: string;
  input: JsonObject;
  label: string | null;
  phase: string | null;
}

/** One thing a script did that the host hears of. */
export type Deed =
  | { kind: "asked"; call: Asked }
  | { kind: "phase"; title: string }
  | { kind: "log"; message: string }
  /** A call the script takes back: its answer, if one is on its way already, moves nothing. */
  | { kind: "dropped"; id: number };

/** What the script did until it could go no further: everything since the last delivery, in order. */
export interface Pumped {
  did: Deed[];
  state:
    | { kind: "waiting" }
    | { kind: "returned"; value: Json }
    | { kind: "threw"; name: string; message: string; at: Place | null; frames: Frame[] };
}

/** What a call came to, on its way to the script. */
export interface Answer {
  id: number;
  outcome: Outcome;
  /** What `budget.spent()` says from now on, in output tokens. */
  spent: number;
}

/** One script's life. Faults (`SandboxFault`) reject `start` or `deliver`; afterwards it can only be closed. */
export interface Sandbox extends AsyncDisposable {
  /** Moves the script for the first time. */
  start(program: Program, hearPart?: HearPart): Promise<Pumped>;
  /**
   * Settles calls one by one, in the order given, and lets the script go on after each: `hear` gets what it did after
   * each answer, in the same order, before the promise resolves. Answers behind the script's end are left out. An error
   * that `hear` throws rejects, and nothing is heard after it.
   */
  deliver(
    answers: readonly Answer[],
    hear: (pumped: Pumped) => void,
    hearPart?: HearPart,
  ): Promise<void>;
}

/**
 * Hears what a script did while it still goes on, where it does much in one go; what comes behind it, in `Pumped`, then
 * is only the rest. Without such an ear `Pumped` is always the whole. An error thrown here ends the sandbox.
 */
export type HearPart = (did: readonly Deed[]) => void;

/** Makes a fresh sandbox; never used twice. */
export type OpenSandbox = () => Promise<Sandbox>;

/** Where the runs of one process get their sandboxes. */
export interface Sandboxes extends AsyncDisposable {
  open: OpenSandbox;
  /** A sandbox will be wanted soon: what can be done for it before may be done now. */
  prepare(): void;
}
