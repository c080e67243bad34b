// Lines to and from the child over its pipes; silence, floods and its death become typed faults.

import type { ChildProcessWithoutNullStreams } from "node:child_process";
import type { Readable } from "node:stream";

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
   * texts of each move, in order, as they come, and `hearPart` the first of them already while the move goes on. Resolves
   * when the last line is answered, or when `hear` returns false: nothing is heard after that.
   */
  move(lines: Iterable<string>, ears: Ears): Promise<void>;
  /** Kills the child for this reason, unless it has ended for another one. */
  fail(reason: Error): void;
  /** From now on nothing is heard. */
  end(): void;
}

interface Ears {
  hear: (texts: readonly string[]) => boolean;
  hearPart: (texts: readonly string[]) => void;
}

/** What was said and not yet answered in full. */
interface Waiting extends Ears {
  kind: "ready" | "pumped";
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

  const complaint = lastOf(child.stderr);
  const outgoing = createOutgoing(child.stdin);
  const read = createReader(limits, answer);
  child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
    try {
      read(chunk);
    } catch (error) {
      fail(error instanceof Error ? error : new Error("The listener failed.", { cause: error }));
    }
  });
  // A child that died while we wrote is reported by its "close"; the broken pipe says nothing more.
  child.stdin.on("error", () => {});
  child.on("error", (error) => fail(startFault(error)));
  child.on("close", (code, signal) =>
    fail(deathFault(code ?? signal, { complaint: complaint(), limits })),
  );

  return {
    open: (line) => say([line], { kind: "ready", hear: () => true, hearPart: () => {} }),
    move: (lines, ears) => say(lines, { kind: "pumped", ...ears }),
    fail,
    end: () => void (isOver = true),
  };

  async function say(lines: Iterable<string>, expected: Ears & Pick<Waiting, "kind">) {
    if (fault !== null) throw fault;
    if (waiting !== null) throw new Error("The sandbox was asked twice at once.");
    const [patienceMs, silent] = patienceFor(expected.kind, limits);
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
    if (waiting?.kind !== expectedFor(frame) || !outgoing.isAwaited()) throw spokeOutOfTurn();
    waiting.silence.refresh();
    if (frame.kind === "part") return waiting.hearPart(texts);
    outgoing.answered();
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

const expectedFor = ({ kind }: ChildFrame): string => (kind === "part" ? "pumped" : kind);

/** Reads a stream and tells its last characters. */
function lastOf(stream: Readable): () => string {
  let last = "";
  stream.setEncoding("utf8").on("data", (text: string) => {
    last = (last + text).slice(-STDERR_CHARS);
  });
  return () => last;
}

type Patience = [patienceMs: number, silent: SandboxFault];

function patienceFor(kind: Waiting["kind"], limits: SandboxLimits): Patience {
  return kind === "ready" ? startPatience(limits) : silencePatience(limits);
}

function startPatience({ startMs }: SandboxLimits): Patience {
  const message = `The sandbox's process did not start within ${startMs} ms; the run can be resumed.`;
  return [startMs, new SandboxFault("crash", message)];
}

function silencePatience({ silenceMs }: SandboxLimits): Patience {
  const message = `The script gave no sign for ${silenceMs} ms, as in a built-in function over too much data, and was stopped.`;
  return [silenceMs, new SandboxFault("wall", message)];
}
