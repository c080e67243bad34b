// What runs of saved workflows came to, by repository: the best basis there is for what the next one will cost.

import { z } from "zod";

import { type Disk, textAt } from "../world/disk.ts";

const Line = z.object({
  /** One that is told of twice, after a crash, counts once. */
  run: z.string(),
  workflow: z.string(),
  usd: z.number().nonnegative(),
});
type Line = z.infer<typeof Line>;

/** What the newest runs of one workflow cost, in US dollars. */
export interface PastCosts {
  runs: number;
  lowUsd: number;
  highUsd: number;
}

export interface PriceBook {
  /** Null while no run of that name has come to its end here. */
  past(repositoryId: number, workflow: string): Promise<PastCosts | null>;
  note(repositoryId: number, line: Line): Promise<void>;
}

/** Older ones say little: scripts, repositories and prices change. */
const RUNS_COUNTED = 10;

/** A file for each repository, a line of JSON for each run. A line that cannot be read is left out: it is a hint, no account. */
export function openPriceBook(disk: Disk): PriceBook {
  const fileOf = (repositoryId: number): string => `prices/${repositoryId}.jsonl`;
  return {
    async past(repositoryId, workflow) {
      const text = (await textAt(disk, fileOf(repositoryId))) ?? "";
      const costs = new Map<string, number>();
      for (const line of text.split("\n").flatMap(readLine)) {
        if (line.workflow === workflow) costs.set(line.run, line.usd);
      }
      const newest = [...costs.values()].slice(-RUNS_COUNTED);
      if (newest.length === 0) return null;
      return { runs: newest.length, lowUsd: Math.min(...newest), highUsd: Math.max(...newest) };
    },
    // A line that a crash cut off ends where this one begins.
    note: (repositoryId, line) => disk.append(fileOf(repositoryId), `\n${JSON.stringify(line)}`),
  };
}

function readLine(text: string): Line[] {
  try {
    return [Line.parse(JSON.parse(text))];
  } catch {
    return [];
  }
}
