// Where a command's words go: standard output and standard error, with colours only where a person looks.

import { isatty } from "node:tty";

import picocolors from "picocolors";

/** What a command prints to. */
export interface Terminal {
  /** What was asked for. */
  print: (text: string) => void;
  /** What went wrong with the asking itself. */
  complain: (text: string) => void;
  paint: Paint;
}

/** Words in colours, or as they are. */
export type Paint = ReturnType<typeof picocolors.createColors>;

/** This process's own streams. */
export function processTerminal(): Terminal {
  const { stdout, stderr, env } = process;
  return {
    print: (text) => void stdout.write(`${text}\n`),
    complain: (text) => void stderr.write(`${text}\n`),
    // Not `isTTY`: it is undefined in a pipe, and the library would then ask whether this is a CI, and colour.
    paint: picocolors.createColors(isatty(stdout.fd) && env["NO_COLOR"] === undefined),
  };
}

/** A number with its noun. */
export function many(count: number, noun: string): string {
  return `${count.toLocaleString("en-US")} ${noun}${count === 1 ? "" : "s"}`;
}
