// Runs one command line in this process and keeps what it printed.

import picocolors from "picocolors";

import { runCommandLine } from "../../src/command-line/main.ts";

export interface Ran {
  status: number;
  printed: string;
  complained: string;
}

/** `fanfold …words`, without colours. */
export async function fanfold(...words: string[]): Promise<Ran> {
  const printed: string[] = [];
  const complained: string[] = [];
  const status = await runCommandLine(["node", "fanfold", ...words], {
    print: (text) => printed.push(text),
    complain: (text) => complained.push(text),
    paint: picocolors.createColors(false),
  });
  return { status, printed: printed.join("\n"), complained: complained.join("\n") };
}
