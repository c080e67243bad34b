// The run loop: the only writer of the journal, the only caller of the sandbox.

import type { ScriptFunction, StepTable } from "./call.ts";
import type { Emit } from "./events.ts";
import type { Append, Entry } from "./journal.ts";
import type { Json, JsonObject } from "./json.ts";
import type { OpenSandbox } from "./sandbox.ts";

/** What one execution of one script needs. */
export interface RunOptions {
  source: string;
  args: Json | undefined;
  functions: readonly ScriptFunction[];
  constants: JsonObject;
  steps: StepTable;
  openSandbox: OpenSandbox;
  /** Entries of earlier processes, in order; empty for a new run. */
  history: readonly Entry[];
  append: Append;
  emit: Emit;
  /** Milliseconds since 1970, for the entries' times. */
  now: () => number;
  limits: {
    /** Agents per run; the next one throws in the script. */
    agents: number;
    /** Output tokens per run, or null for none. */
    outputTokens: number | null;
  };
  signal: AbortSignal;
}

/** The script returned. A throw of the script is a `ScriptError`, a fault a `SandboxFault`, both thrown. */
export interface RunResult {
  value: Json;
}

export type RunScript = (options: RunOptions) => Promise<RunResult>;
