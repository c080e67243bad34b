// What `npm run simulate` is asked to play: one way through the worlds, with the options that go with it.

import { type Bounds, givenOf, Misasked, SEEDS, wholeOf } from "./command-line.ts";

export const USAGE = `npm run simulate -- --seeds N [--from S] [--lanes K]   worlds drawn from N seeds; by K processes at once
npm run simulate -- --seed S [--trace]       one world; with --trace every operation
npm run simulate -- --matrix [--seed S]      a crash before and after every operation of each reference world, or of one
npm run simulate -- --pairs N [--from S]     N pairs of crashes, the second one while the first is being recovered from
npm run simulate -- --regressions             every world that once broke
npm run simulate -- --planted [--seeds N] [--lanes K]   how often N worlds, those that once broke, a matrix and pairs show each planted bug
`;

export type Asked =
  | { way: "seeds"; seeds: number; from: number; lanes: number }
  | { way: "seed"; seed: number; isTraced: boolean }
  /** Null: of every reference world. */
  | { way: "matrix"; seed: number | null }
  | { way: "pairs"; pairs: number; from: number }
  | { way: "regressions" }
  | { way: "planted"; seeds: number; lanes: number };

const KINDS = {
  seeds: "string",
  from: "string",
  lanes: "string",
  seed: "string",
  trace: "boolean",
  matrix: "boolean",
  pairs: "string",
  regressions: "boolean",
  planted: "boolean",
} as const;

/** Every way with what goes with it; of two that are both there the earlier one is meant, or nothing is. */
const WAYS: readonly [Asked["way"], readonly string[]][] = [
  ["regressions", []],
  ["planted", ["seeds", "lanes"]],
  ["matrix", ["seed"]],
  ["pairs", ["from"]],
  ["seed", ["trace"]],
  ["seeds", ["from", "lanes"]],
];

const WORLDS: Bounds = [1, 10_000_000];
const LANES: Bounds = [1, 64];
const OF_A_TABLE = 200;

/** Throws `Misasked`. */
export function readAsked(args: readonly string[]): Asked {
  const given = givenOf(args, KINDS);
  const [way, companions] = WAYS.find(([name]) => given.has(name)) ?? [];
  if (way === undefined || companions === undefined)
    throw new Misasked("Nothing says which worlds are to be played.");
  const stranger = [...given.keys()].find((name) => name !== way && !companions.includes(name));
  if (stranger !== undefined) throw new Misasked(`--${stranger} does not go with --${way}.`);
  return readWay(way, given);
}

function readWay(way: Asked["way"], given: ReadonlyMap<string, string>): Asked {
  const seed = (name: "seed" | "from"): number => wholeOf(given, name, { bounds: SEEDS, other: 1 });
  const lanes = wholeOf(given, "lanes", { bounds: LANES, other: 1 });
  switch (way) {
    case "regressions":
      return { way };
    case "planted":
      return { way, seeds: wholeOf(given, "seeds", { bounds: WORLDS, other: OF_A_TABLE }), lanes };
    case "matrix":
      return { way, seed: given.has("seed") ? seed("seed") : null };
    case "pairs":
      return { way, pairs: wholeOf(given, "pairs", { bounds: WORLDS }), from: seed("from") };
    case "seed":
      return { way, seed: seed("seed"), isTraced: given.has("trace") };
    case "seeds": {
      const seeds = wholeOf(given, "seeds", { bounds: WORLDS });
      const from = seed("from");
      if (from + seeds - 1 > SEEDS[1])
        throw new Misasked(`There is no seed above ${SEEDS[1]}: begin earlier, or play fewer.`);
      return { way, seeds, from, lanes };
    }
  }
}
