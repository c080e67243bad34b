// Lines to and from the child over its pipes; silence, floods and its death become typed faults.

import type { ChildProcessWithoutNullStreams } from "node:child_process";

import { SandboxFault } from "../errors.ts";
import type { ChildFrame } from "./frames.ts";
import type { SandboxLimits } from "./limits.ts";
import { createOutgoing } from "./outgoing.ts";
import { createReader, spokeOutOfTurn } from "./reader.ts";

const STDERR_CHARS = 2_000;

/** One thing at a time. After a fault the child is dead and everything further gets the same fault. */
export interface Conversation {
  /** Sends the first line; resolves when the engine is open. */
  open(line: string): Promise<void>;
  /**
   * Sends lines, each of which moves the script once, asking for each when it is about to be sent; `hear` gets the
   * texts of each move, in order, as they come. Resolves when the last line is answered, or when `hear` returns false:
   * nothing is heard after that.
   */
  move(lines: Iterable<string>, hear: Hear): Promise<void>;
  /** Kills the child for this reason, unless it has ended for another one. */
  fail(reason: Error): void;
  /** From now on nothing is heard. */
  end(): void;
}

type Hear = (texts: readonly string[]) => boolean;

/** What was said and not yet answered in full. */
interface Waiting {
  kind: "ready" | "pumped";
  hear: Hear;
  silence: NodeJS.Timeout;
  answered: PromiseWithResolvers<void>;
}

/** Takes over the child's three pipes. */
export function createConversation(
  child: ChildProcessWithoutNullStreams,
  limits: SandboxLimits,
): Conversation {
  let waiting: Waiting | null = null;
  let fault: Error | null = null;
  let isOver = false;
  let complaint = "";

  const outgoing = createOutgoing(child.stdin);
  const read = createReader(limits, answer);
  child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
    try {
      read(chunk);
    } catch (error) {
      fail(error instanceof Error ? error : new Error("The listener failed.", { cause: error }));
    }
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    complaint = (complaint + text).slice(-STDERR_CHARS);
  });
  // A child that died while we wrote is reported by its "close"; the broken pipe says nothing more.
  child.stdin.on("error", () => {});
  child.on("error", (error) => fail(startFault(error)));
  child.on("close", (code, signal) => fail(deathFault(code ?? signal, { complaint, limits })));

  return {
    open: (line) => say([line], { kind: "ready", hear: () => true }),
    move: (lines, hear) => say(lines, { kind: "pumped", hear }),
    fail,
    end: () => void (isOver = true),
  };

  async function say(lines: Iterable<string>, expected: Pick<Waiting, "kind" | "hear">) {
    if (fault !== null) throw fault;
    if (waiting !== null) throw new Error("The sandbox was asked twice at once.");
    const [patienceMs, silent] =
      expected.kind === "ready" ? startPatience(limits) : silencePatience(limits);
    const silence = setTimeout(() => fail(silent), patienceMs);
    const answered = Promise.withResolvers<void>();
    waiting = { ...expected, silence, answered };
    try {
      outgoing.send(lines);
      await answered.promise;
    } finally {
      clearTimeout(silence);
      waiting = null;
    }
  }

  function answer(frame: ChildFrame, texts: readonly string[]): void {
    if (fault !== null || isOver) return;
    if (frame.kind === "fault") throw new SandboxFault(frame.limit, frame.message);
    if (waiting?.kind !== frame.kind || !outgoing.answered()) throw spokeOutOfTurn();
    waiting.silence.refresh();
    isOver = !waiting.hear(texts);
    if (!isOver) outgoing.goOn();
    if (isOver || outgoing.isDone()) waiting.answered.resolve();
  }

  // What the listener throws ends the child like what the child does.
  function fail(reason: Error): void {
    fault ??= reason;
    child.kill("SIGKILL");
    waiting?.answered.reject(fault);
  }
}

function startFault(cause: Error): SandboxFault {
  return new SandboxFault("crash", "The sandbox's process could not be started.", { cause });
}

function deathFault(
  how: number | string | null,
  { complaint, limits }: { complaint: string; limits: SandboxLimits },
): SandboxFault {
  if (how === "SIGXCPU") {
    const message = `The script computed for more than ${limits.lifetimeCpuSeconds} s in all.`;
    return new SandboxFault("cpu", message);
  }
  const cause = new Error(complaint === "" ? "It wrote nothing." : complaint);
  return new SandboxFault(
    "crash",
    `The sandbox's process ended (${how ?? "unknown"}) before it answered; the run can be resumed.`,
    { cause },
  );
}

type Patience = [patienceMs: number, silent: SandboxFault];

function startPatience({ startMs }: SandboxLimits): Patience {
  const message = `The sandbox's process did not start within ${startMs} ms; the run can be resumed.`;
  return [startMs, new SandboxFault("crash", message)];
}

function silencePatience({ silenceMs }: SandboxLimits): Patience {
  const message = `The script gave no sign for ${silenceMs} ms, as in a built-in function over too much data, and was stopped.`;
  return [silenceMs, new SandboxFault("wall", message)];
}
