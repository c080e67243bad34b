// Question and answer with the child over its pipes; silence, floods and its death become typed faults.

import type { ChildProcessWithoutNullStreams } from "node:child_process";

import { SandboxFault } from "../errors.ts";
import { ChildFrame, type ParentFrame } from "./frames.ts";
import type { SandboxLimits } from "./limits.ts";
import { createLines } from "./lines.ts";

// JSON in JSON doubles quotes and backslashes, and a control character becomes six characters.
const ESCAPING = 8;
const STDERR_CHARS = 2_000;

/** One question at a time. After a fault the child is dead and every further question gets the same fault. */
export interface Conversation {
  ask(frame: ParentFrame): Promise<Exclude<ChildFrame, { kind: "fault" }>>;
}

/** Takes over the child's three pipes. */
export function createConversation(
  child: ChildProcessWithoutNullStreams,
  limits: SandboxLimits,
): Conversation {
  let waiting: PromiseWithResolvers<ChildFrame> | null = null;
  let fault: SandboxFault | null = null;
  let complaint = "";

  child.stdout.setEncoding("utf8").on("data", createLines(hear, limits.stretchChars * ESCAPING));
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    complaint = (complaint + text).slice(-STDERR_CHARS);
  });
  // A child that died while we wrote is reported by its "close"; the broken pipe says nothing more.
  child.stdin.on("error", () => {});
  child.on("error", (error) => fail(startFault(error)));
  child.on("close", (code, signal) => fail(deathFault(code ?? signal, { complaint, limits })));

  return {
    async ask(frame) {
      if (fault !== null) throw fault;
      if (waiting !== null) throw new Error("The sandbox was asked twice at once.");
      waiting = Promise.withResolvers();
      const [patienceMs, silent] =
        frame.kind === "open" ? startPatience(limits) : silencePatience(limits);
      const silence = setTimeout(() => fail(silent), patienceMs);
      try {
        child.stdin.write(`${JSON.stringify(frame)}\n`);
        const answer = await waiting.promise;
        if (answer.kind === "fault") throw fail(new SandboxFault(answer.limit, answer.message));
        return answer;
      } finally {
        clearTimeout(silence);
        waiting = null;
      }
    },
  };

  function hear(line: string | null): void {
    if (line === null)
      fail(new SandboxFault("size", "The sandbox sent a longer line than it may."));
    const frame = line === null || waiting === null ? null : parseFrame(line);
    if (frame === null) fail(unaskedFault());
    else waiting?.resolve(frame);
  }

  function fail(reason: SandboxFault): SandboxFault {
    fault ??= reason;
    child.kill("SIGKILL");
    waiting?.reject(fault);
    return fault;
  }
}

function parseFrame(text: string): ChildFrame | null {
  try {
    return ChildFrame.parse(JSON.parse(text));
  } catch {
    return null;
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

function unaskedFault(): SandboxFault {
  return new SandboxFault("crash", "The sandbox cannot be trusted any more: it spoke out of turn.");
}
