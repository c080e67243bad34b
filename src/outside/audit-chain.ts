// Lines that each name the one before: whoever changes, takes out or puts in one of them breaks the chain there. Pure.

import { createHash } from "node:crypto";

import { z } from "zod";

/** What the very first line names. */
export const BEGINNING = "0".repeat(64);

/** SHA-256 of a line as it stands in the file, without its end. */
export const hashOfLine = (line: string): string => createHash("sha256").update(line).digest("hex");

/** The rows as lines behind the line with the hash `prev`; also the hash of the last one. */
export function chain(rows: readonly object[], prev: string): { lines: string[]; last: string } {
  let last = prev;
  const lines = rows.map((row) => {
    const line = JSON.stringify({ ...row, prev: last });
    last = hashOfLine(line);
    return line;
  });
  return { lines, last };
}

export type Chained =
  | { kind: "whole"; lines: number; last: string }
  /** `line` counts from 1 over all the lines that were given. */
  | { kind: "broken"; line: number };

const Linked = z.looseObject({ prev: z.string() });

/** Goes through lines from the oldest to the newest. The first one may name a line that is not kept any more. */
export function checkChain(lines: readonly string[]): Chained {
  let last: string | null = null;
  for (const [index, line] of lines.entries()) {
    const linked = Linked.safeParse(parsed(line));
    if (!linked.success || (last !== null && linked.data.prev !== last)) {
      return { kind: "broken", line: index + 1 };
    }
    last = hashOfLine(line);
  }
  return { kind: "whole", lines: lines.length, last: last ?? BEGINNING };
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return null;
  }
}
