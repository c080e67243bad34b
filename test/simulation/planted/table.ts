// Every planted bug beside how often each way through the worlds shows it: a table for the documentation.

import PQueue from "p-queue";

import { type PlantedBug, plantedBugs } from "./bugs.ts";
import { hunt } from "./hunt.ts";

/** A way of playing worlds, as it is asked for on the command line of the simulation. */
interface Layer {
  name: string;
  given: readonly string[];
}

/** The reference world with the fewest operations: every bug is played in each of its cells. */
const MATRIX_SEED = "210";
const PAIRS = "20";

const layersOf = (seeds: number): Layer[] => [
  { name: "worlds drawn", given: ["--seeds", String(seeds)] },
  { name: "worlds that once broke", given: ["--regressions"] },
  { name: "single crashes", given: ["--matrix", "--seed", MATRIX_SEED] },
  { name: "pairs of crashes", given: ["--pairs", PAIRS] },
];

/** Tells the table line by line, as markdown. Resolves to the bugs that no layer shows. `lanes`: processes at once. */
export async function tableOfBugs(
  { seeds, lanes }: { seeds: number; lanes: number },
  say: (line: string) => void,
  { bugs = plantedBugs, layers = layersOf(seeds), find = hunt } = {},
): Promise<string[]> {
  say(rowOf(["planted bug", ...layers.map(({ name }) => name)]));
  say(rowOf(["planted bug", ...layers].map(() => "---")));
  const queue = new PQueue({ concurrency: lanes });
  const ask = async (bug: PlantedBug) => {
    const found = layers.map(({ given }) => queue.add(() => find(bug, given)));
    return { bug, found: await Promise.all(found) };
  };
  const missed: string[] = [];
  for (const asked of bugs.map(ask)) {
    const { bug, found } = await asked;
    say(rowOf([bug.name, ...found.map(({ failed, of }) => `${failed} of ${of}`)]));
    if (found.every(({ failed }) => failed === 0)) missed.push(bug.name);
  }
  for (const name of missed) say(`\nNothing shows that "${name}".`);
  return missed;
}

const rowOf = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
