// Every planted bug beside how often each way through the worlds shows it: a table for the documentation.

import { plantedBugs } from "./bugs.ts";
import { type Found, hunt } from "./hunt.ts";

/** A way of playing worlds, as it is asked for on the command line of the simulation. */
interface Layer {
  name: string;
  given: readonly string[];
}

const MATRIX_SEED = "17";
const PAIRS = "20";

const layersOf = (seeds: number): Layer[] => [
  { name: "worlds drawn", given: ["--seeds", String(seeds)] },
  { name: "worlds that once broke", given: ["--regressions"] },
  { name: "single crashes", given: ["--matrix", "--seed", MATRIX_SEED] },
  { name: "pairs of crashes", given: ["--pairs", PAIRS] },
];

/** Tells the table line by line, as markdown. Resolves to the bugs that no layer shows. */
export async function tableOfBugs(
  seeds: number,
  say: (line: string) => void,
  { bugs = plantedBugs, layers = layersOf(seeds), find = hunt } = {},
): Promise<string[]> {
  say(rowOf(["planted bug", ...layers.map(({ name }) => name)]));
  say(rowOf(["planted bug", ...layers].map(() => "---")));
  const missed: string[] = [];
  for (const bug of bugs) {
    const found: Found[] = [];
    for (const { given } of layers) found.push(await find(bug, given));
    say(rowOf([bug.name, ...found.map(({ failed, of }) => `${failed} of ${of}`)]));
    if (found.every(({ failed }) => failed === 0)) missed.push(bug.name);
  }
  for (const name of missed) say(`\nNothing shows that "${name}".`);
  return missed;
}

const rowOf = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
