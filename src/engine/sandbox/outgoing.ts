// Sends lines to the child ahead of their answers, so that neither side waits for the other, and not too far ahead.

import type { Writable } from "node:stream";

const AHEAD_CHARS = 512 * 1024;
const MOST_BYTES_PER_CHAR = 3;

/** Lines on their way, each of which is answered once. */
export interface Outgoing {
  /** Starts to send; a line is asked for when it is about to be sent. */
  send(lines: Iterable<string>): void;
  /** The first line that was sent and not answered is answered now; false when there is none. */
  answered(): boolean;
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
  let spare: Buffer | null = null;

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
    const chars = lines.reduce((sum, line) => sum + line.length + 1, 0);
    const bytes = roomFor(chars * MOST_BYTES_PER_CHAR);
    let end = 0;
    for (const line of lines) {
      end += bytes.write(line, end);
      end = bytes.writeUInt8(LINE_FEED, end);
    }
    pipe.write(bytes.subarray(0, end), () => (spare = bytes));
  }

  // The same memory again and again: fresh memory costs more than writing into it.
  function roomFor(size: number): Buffer {
    const bytes = spare !== null && spare.length >= size ? spare : Buffer.allocUnsafeSlow(size);
    spare = null;
    return bytes;
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
    answered() {
      const chars = sentChars.shift();
      aheadChars -= chars ?? 0;
      return chars !== undefined;
    },
    goOn,
    isDone: () => isAllSent && sentChars.length === 0,
  };
}

const LINE_FEED = 10;
