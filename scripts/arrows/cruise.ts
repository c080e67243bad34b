// Looks at every import below a folder and says which ones go against an arrow.

import { cruise, type ICruiseResult } from "dependency-cruiser";

import { cruiseOptions } from "./rules.ts";

export interface Violation {
  rule: string;
  from: string;
  to: string;
}

export interface Cruised {
  /** Modules of ours that were seen; 0 means that the checker could not read the language. */
  modules: number;
  violations: Violation[];
}

/** Cruises `src` below `baseDir`. */
export async function cruiseSource(baseDir: string): Promise<Cruised> {
  const { output } = await cruise(["src"], cruiseOptions(baseDir));
  if (typeof output === "string") throw new Error("The checker gave text instead of a result.");
  return resultOf(output);
}

function resultOf({ modules, summary }: ICruiseResult): Cruised {
  return {
    modules: modules.filter(({ source }) => source.startsWith("src/")).length,
    violations: summary.violations.map(({ rule, from, to }) => ({ rule: rule.name, from, to })),
  };
}
