// Puts the child's frames and the texts behind them together; refuses what no child of ours can have sent.

import { SandboxFault } from "../errors.ts";
import { ChildFrame } from "./frames.ts";
import type { SandboxLimits } from "./limits.ts";
import { createLines } from "./lines.ts";

const FRAME_CHARS = 10_000;

/**
 * Makes the listener of the child's output; throws `SandboxFault`, and what `answer` throws. A frame that answers
 * several lines is heard once for each; the parts of an answer are heard before it.
 */
export function createReader(
  limits: SandboxLimits,
  answer: (frame: ChildFrame, texts: readonly string[]) => void,
): (chunk: string) => void {
  let frame: ChildFrame = { kind: "ready" };
  // Log lines do not count to what a stretch may ask for; they have a limit of their own.
  const mostTexts = limits.stretchTexts + limits.stretchLogLines;
  /** How many texts there are for each line that is still to be heard as answered. */
  let counts: number[] = [];
  /** Of the answer under way, its parts included. */
  let saidTexts = 0;
  let saidChars = 0;
  let texts: string[] = [];

  return createLines(hearLine, Math.max(limits.textChars, FRAME_CHARS));

  function hearLine(line: string | null): void {
    if (line === null) throw tooLong();
    if (counts.length === 0) begin(line);
    else take(line);
    while (texts.length === counts[0]) {
      const heard = texts;
      counts.shift();
      texts = [];
      if (frame.kind !== "part") saidTexts = saidChars = 0;
      answer(frame, heard);
    }
  }

  function begin(line: string): void {
    frame = parseFrame(line);
    counts = countsOf(frame);
    if (counts.some((count) => count > mostTexts)) throw tooLong();
  }

  function take(line: string): void {
    saidTexts += 1;
    saidChars += line.length;
    if (saidTexts > mostTexts || saidChars > limits.stretchChars) throw tooLong();
    texts.push(line);
  }
}

function countsOf(frame: ChildFrame): number[] {
  if (frame.kind === "pumped") return frame.texts;
  return [frame.kind === "part" ? frame.texts : 0];
}

function parseFrame(line: string): ChildFrame {
  try {
    return ChildFrame.parse(JSON.parse(line));
  } catch (error) {
    throw spokeOutOfTurn(error);
  }
}

function tooLong(): SandboxFault {
  return new SandboxFault("size", "The sandbox sent more than it may.");
}

/** The fault of a child that says what it was not asked for. */
export function spokeOutOfTurn(cause?: unknown): SandboxFault {
  return new SandboxFault(
    "crash",
    "The sandbox cannot be trusted any more: it spoke out of turn.",
    cause === undefined ? undefined : { cause },
  );
}
