// `npm run simulate`: many worlds, one after the other, or a single one told line by line.

import { parseArgs } from "node:util";

import type { Plan } from "./core/seam.ts";
import {
  crashPairs,
  crashPlans,
  hasFailed,
  operationsOf,
  playAndCompare,
  references,
  shrink,
} from "./explore.ts";
import { plantedBugs } from "./planted/bugs.ts";
import { type Found, hunt } from "./planted/hunt.ts";
import { readRegression, regressionNames } from "./regressions.ts";
import { soup } from "./soup.ts";
import { type Outcome, play, type WorldOptions } from "./world.ts";

const USAGE = `npm run simulate -- --seeds N [--from S] [--lanes K]   worlds drawn from N seeds; many of them by K processes at once
npm run simulate -- --seed S [--trace]       one world; with --trace every operation
npm run simulate -- --matrix [--seed S]      a crash before and after every operation of each reference world, or of one
npm run simulate -- --pairs N [--from S]     N pairs of crashes, the second one while the first is being recovered from
npm run simulate -- --regressions             every world that once broke
npm run simulate -- --planted [--seeds N]    how often N worlds, and the matrix, show each of the planted bugs
`;

const { values } = parseArgs({
  options: {
    seeds: { type: "string" },
    from: { type: "string", default: "1" },
    lanes: { type: "string", default: "1" },
    seed: { type: "string" },
    trace: { type: "boolean", default: false },
    matrix: { type: "boolean", default: false },
    pairs: { type: "string" },
    regressions: { type: "boolean", default: false },
    planted: { type: "boolean", default: false },
  },
});

const say = (line: string): void => void process.stdout.write(`${line}\n`);

// Nobody reads where the errors of thousands of worlds came from, and telling it takes a quarter of the time.
if (!values.trace) Error.stackTraceLimit = 0;

function tell({ seed, scenario, plan, violations }: Outcome): void {
  say(`seed ${seed} (${scenario}, ${plan.size} faults)`);
  for (const { invariant, what } of violations) say(`  ${invariant}: ${what}`);
}

async function one(seed: number): Promise<Outcome[]> {
  const outcome = await playAndCompare({ seed, ...(values.trace ? { onTrace: say } : {}) });
  tell(outcome);
  if (!hasFailed(outcome)) return [];
  const plan = await shrink(outcome.plan, async (fewer) =>
    hasFailed(await playAndCompare({ seed, plan: fewer })),
  );
  say(`the fewest faults that do it:\n${JSON.stringify({ seed, plan: [...plan] }, null, 2)}`);
  return [outcome];
}

/** Worlds with crashes alone: each has to leave what the same world without them leaves. */
async function crashed(worlds: readonly (WorldOptions & { plan: Plan })[]): Promise<Outcome[]> {
  const failed: Outcome[] = [];
  for (const world of worlds) {
    const outcome = await play(world);
    const isSame = JSON.stringify(outcome.left) === (await calmLeft(world.seed));
    if (isSame && !hasFailed(outcome)) continue;
    failed.push(outcome);
    say(`${JSON.stringify([...world.plan])}: ${isSame ? "" : "another result"}`);
    tell(outcome);
  }
  return failed;
}

const calmOnes = new Map<number, string>();

async function calmLeft(seed: number): Promise<string> {
  const left = calmOnes.get(seed) ?? JSON.stringify((await play({ seed, isCalm: true })).left);
  calmOnes.set(seed, left);
  return left;
}

async function matrix(seeds: readonly number[]): Promise<Outcome[]> {
  const failed: Outcome[] = [];
  let cells = 0;
  for (const seed of seeds) {
    const plans = crashPlans(await operationsOf({ seed }));
    const found = await crashed(plans.map((plan) => ({ seed, plan })));
    say(`${plans.length} cells of seed ${seed}: ${found.length} failed`);
    failed.push(...found);
    cells += plans.length;
  }
  say(`${cells} cells of ${seeds.length} worlds: ${failed.length} failed`);
  return failed;
}

async function pairs(wanted: number, from: number): Promise<Outcome[]> {
  const failed: Outcome[] = [];
  let played = 0;
  for (let seed = from; played < wanted; seed += 1) {
    const worlds = await crashPairs(seed);
    failed.push(...(await crashed(worlds)));
    played += worlds.length;
  }
  say(`${played} pairs of crashes: ${failed.length} failed`);
  return failed;
}

async function known(): Promise<Outcome[]> {
  const names = await regressionNames();
  const failed: Outcome[] = [];
  for (const name of names) {
    const outcome = await playAndCompare(await readRegression(name));
    if (!hasFailed(outcome)) continue;
    failed.push(outcome);
    tell(outcome);
  }
  say(`${names.length} worlds that once broke: ${failed.length} failed`);
  return failed;
}

/** A table for the documentation; a bug that nothing shows is a failure. */
async function planted(seeds: number): Promise<string[]> {
  say(
    "| planted bug | worlds drawn | worlds that once broke | single crashes |\n|---|---|---|---|",
  );
  const missed: string[] = [];
  for (const bug of plantedBugs) {
    const soupOf = await hunt(bug, ["--seeds", String(seeds)]);
    const knownOf = await hunt(bug, ["--regressions"]);
    const cellsOf = await hunt(bug, ["--matrix", "--seed", MATRIX_SEED]);
    say(`| ${bug.name} | ${shareOf(soupOf)} | ${shareOf(knownOf)} | ${shareOf(cellsOf)} |`);
    if (soupOf.failed + knownOf.failed + cellsOf.failed === 0) missed.push(bug.name);
  }
  return missed;
}

const MATRIX_SEED = "17";

const shareOf = ({ failed, of }: Found): string => `${failed} of ${of}`;

function drawn(seeds: number): Promise<number> {
  const { from, lanes } = values;
  return soup({ from: Number(from), seeds, lanes: Number(lanes) }, { say, tell });
}

/** How many failed. */
async function main(): Promise<number> {
  if (values.regressions) return (await known()).length;
  if (values.planted) return (await planted(Number(values.seeds ?? 200))).length;
  if (values.matrix)
    return (await matrix(values.seed === undefined ? references : [Number(values.seed)])).length;
  if (values.pairs !== undefined)
    return (await pairs(Number(values.pairs), Number(values.from))).length;
  if (values.seed !== undefined) return (await one(Number(values.seed))).length;
  if (values.seeds !== undefined) return await drawn(Number(values.seeds));
  process.stderr.write(USAGE);
  process.exit(2);
}

process.exitCode = (await main()) === 0 ? 0 : 1;
