// Sends lines to the child ahead of their answers, so that neither side waits for the other, and not too far ahead.

import type { Writable } from "node:stream";

import { createLineBuffer } from "../line-buffer.ts";

const AHEAD_CHARS = 512 * 1024;

/** Lines on their way, each of which is answered once. */
export interface Outgoing {
  /** Starts to send; a line is asked for when it is about to be sent. */
  send(lines: Iterable<string>): void;
  /** Whether a line was sent and is not answered. */
  isAwaited(): boolean;
  /** The first such line is answered now. */
  answered(): void;
  /** Sends on, when enough is answered. */
  goOn(): void;
  /** Whether every line was sent and answered. */
  isDone(): boolean;
}

/** Sends over a pipe, whose errors are heard elsewhere. */
export function createOutgoing(pipe: Writable): Outgoing {
  let unsent: Iterator<string> = [].values();
  let sentChars: number[] = [];
  let aheadChars = 0;
  let isAllSent = true;
  const buffer = createLineBuffer();

  function take(): string[] {
    const lines: string[] = [];
    while (aheadChars < AHEAD_CHARS) {
      const { value, done } = unsent.next();
      if (done === true) {
        isAllSent = true;
        break;
      }
      lines.push(value);
      sentChars.push(value.length);
      aheadChars += value.length;
    }
    return lines;
  }

  function write(lines: readonly string[]): void {
    const bytes = buffer.encode(lines);
    pipe.write(bytes, () => buffer.giveBack(bytes));
  }

  function goOn(): void {
    if (isAllSent || aheadChars > AHEAD_CHARS / 2) return;
    const lines = take();
    if (lines.length > 0) write(lines);
  }

  return {
    send(lines) {
      unsent = lines[Symbol.iterator]();
      isAllSent = false;
      sentChars = [];
      aheadChars = 0;
      goOn();
    },
    isAwaited: () => sentChars.length > 0,
    answered: () => void (aheadChars -= sentChars.shift() ?? 0),
    goOn,
    isDone: () => isAllSent && sentChars.length === 0,
  };
}
