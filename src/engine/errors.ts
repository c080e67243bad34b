// How a run can end badly. A class each only because callers branch on it.

/** A place in the author's own text, both from 1. */
export interface Place {
  line: number;
  column: number;
}

/** One call on the way to an error; without a name it stands outside of every named function. */
export interface Frame extends Place {
  name: string | null;
}

/** The author's script is wrong or threw, and where in the author's own text; at most 5 frames, innermost first. */
export class ScriptError extends Error {
  override readonly name = "ScriptError";
  readonly at: Place | null;
  readonly frames: readonly Frame[];

  constructor(message: string, at: Place | null, frames: readonly Frame[] = []) {
    super(message);
    this.at = at;
    this.frames = frames;
  }
}

/** A step cannot do what it was asked, or failed for good: the script gets it as an error it can catch. */
export class StepFailed extends Error {
  override readonly name = "StepFailed";
}

/** The journal holds an outcome that this script, with these arguments, never asks for: never guessed over. */
export class Diverged extends Error {
  override readonly name = "Diverged";
}

/** The run was cancelled from outside. */
export class Cancelled extends Error {
  override readonly name = "Cancelled";
}

/** Every call that is still open waits for something outside: the run is run again, by replay, when that has come. */
export class Suspended extends Error {
  override readonly name = "Suspended";
}

/**
 * Work of a call rejects with it when the run must come to an early end that is nobody's fault. That call gets no
 * outcome; the others go on, and once nothing moves any more the run stops with this error.
 */
export class Stopped extends Error {
  override readonly name: string = "Stopped";
}

/** A cap of the run, in tokens or money, is reached: what is finished is kept, and nothing new starts. */
export class BudgetSpent extends Stopped {
  override readonly name = "BudgetSpent";
}

/** Which border of the sandbox was hit. */
export type SandboxLimit =
  | "cpu"
  | "wall"
  | "memory"
  | "stack"
  | "jobs"
  | "size"
  | "deadlock"
  | "crash";

/** The sandbox stopped the script: which limit, by host counters, never by what the guest said. */
export class SandboxFault extends Error {
  override readonly name = "SandboxFault";
  readonly limit: SandboxLimit;

  constructor(limit: SandboxLimit, message: string, options?: ErrorOptions) {
    super(message, options);
    this.limit = limit;
  }
}
