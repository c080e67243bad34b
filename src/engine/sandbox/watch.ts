// The host's own counters for one engine: what a script used is never read from what the script says.

import { SandboxFault, type SandboxLimit } from "../errors.ts";
import type { SandboxLimits } from "./limits.ts";
import { createStretchTexts } from "./stretch-texts.ts";

/** What the script sent since it was last moved: JSON texts, hostile until read through the border. */
export type Texts = readonly string[];

/** Counts for one engine; the first limit that was hit is the one reported. */
export interface Watch {
  /** A new stretch begins: its own counters start over. */
  begin(): void;
  /** Ends the script at the next chance, for this reason unless there is one already. */
  stop(limit: SandboxLimit, message: string): void;
  fault(): SandboxFault | null;
  /** Asked by the engine every few thousand operations: whether to end the script. */
  interrupts(): boolean;
  /** Of what was noted in one stretch the last lines are kept; what was said is kept whole, or is a fault. */
  hear(text: string | null, how: "said" | "noted" | "ended"): void;
  countJobs(count: number): void;
  texts(): Texts;
  hasEnded(): boolean;
}

/** Hears of what a script sent before its stretch is over. */
export type OnPart = (texts: Texts) => void;

const FRESH_MS = 5;

/** Starts counting. `onPart` gets what was said while a stretch goes on; without it, all is kept for its end. */
export function createWatch(limits: SandboxLimits, onPart: OnPart | null): Watch {
  let fault: SandboxFault | null = null;
  let texts = createStretchTexts(limits.stretchLogLines);
  let ended = false;
  let count = { cpuStartMs: 0, jobs: 0, chars: 0 };
  let totalChars = 0;
  const recentCpuMs = createRecentCpuMs();

  function stop(limit: SandboxLimit, message: string): void {
    fault ??= new SandboxFault(limit, message);
  }

  function countChars(chars: number): void {
    count.chars += chars;
    totalChars += chars;
    if (chars > limits.textChars) {
      stop("size", `One call, log line or result has more than ${limits.textChars} characters.`);
    } else if (count.chars > limits.stretchChars || totalChars > limits.totalChars) {
      stop("size", "The script sent more text than a run may send.");
    } else if (texts.count() >= limits.stretchTexts) {
      stop("size", `The script asked for more than ${limits.stretchTexts} things in one go.`);
    }
  }

  return {
    stop,
    begin() {
      texts = createStretchTexts(limits.stretchLogLines);
      count = { cpuStartMs: recentCpuMs(), jobs: 0, chars: 0 };
    },
    fault: () => fault,
    interrupts() {
      if (fault === null && cpuMs() - count.cpuStartMs > limits.stretchCpuMs) {
        stop(
          "cpu",
          `The script computed for more than ${limits.stretchCpuMs} ms without waiting for a call.`,
        );
      }
      return fault !== null;
    },
    hear(text, how) {
      if (fault !== null || ended) return;
      if (text === null || text.includes("\n")) {
        return stop("crash", "The script engine sent something that is no line of text.");
      }
      countChars(text.length);
      const forgotten = how === "noted" ? texts.note(text) : texts.keep(text);
      count.chars -= forgotten;
      totalChars -= forgotten;
      ended = how === "ended";
      const part = onPart === null || ended || fault !== null ? null : texts.takePart();
      if (part !== null) onPart?.(part);
    },
    countJobs(jobs) {
      count.jobs += jobs;
      if (count.jobs > limits.stretchJobs) {
        stop("jobs", `The script ran more than ${limits.stretchJobs} promise jobs in one go.`);
      }
    },
    texts: () => texts.all(),
    hasEnded: () => ended,
  };
}

// Computing time of this thread, not wall time: a busy machine is not the script's fault.
function cpuMs(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1_000;
}

// Reading it costs more than most stretches; a reading that is so fresh counts next to nothing too much.
function createRecentCpuMs(): () => number {
  let readAtMs = -Infinity;
  let readCpuMs = 0;
  return () => {
    const nowMs = performance.now();
    if (nowMs - readAtMs > FRESH_MS) {
      readAtMs = nowMs;
      readCpuMs = cpuMs();
    }
    return readCpuMs;
  };
}
