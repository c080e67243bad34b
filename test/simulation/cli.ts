// `npm run simulate`: many worlds, one after the other, or a single one told line by line.

import { type Asked, readAsked, USAGE } from "./asked.ts";
import { askedOr } from "./command-line.ts";
import { commitNow } from "./commit.ts";
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
import { tableOfBugs } from "./planted/table.ts";
import { fileOf, readRegression, regressionNames } from "./regressions.ts";
import { soup } from "./soup.ts";
import { decidedOf, type Outcome, play, type WorldOptions } from "./world.ts";

const asked = askedOr(USAGE, readAsked);

const say = (line: string): void => void process.stdout.write(`${line}\n`);

// Nobody reads where the errors of thousands of worlds came from, and telling it takes a quarter of the time.
if (asked.way !== "seed" || !asked.isTraced) Error.stackTraceLimit = 0;

function tell({ seed, scenario, plan, violations }: Outcome): void {
  say(`seed ${seed} (${scenario}, ${plan.size} faults)`);
  for (const { invariant, what } of violations) say(`  ${invariant}: ${what}`);
}

async function one({ seed, isTraced }: Extract<Asked, { way: "seed" }>): Promise<Outcome[]> {
  const outcome = await playAndCompare({ seed, ...(isTraced ? { onTrace: say } : {}) });
  tell(outcome);
  if (!hasFailed(outcome)) return [];
  const world = decidedOf({ seed });
  const plan = await shrink(outcome.plan, async (fewer) =>
    hasFailed(await playAndCompare({ ...world, plan: fewer })),
  );
  say(`the fewest faults that do it, to be kept in test/simulation/regressions:`);
  say(fileOf(world, plan));
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
  say(`${cells} cells of ${seeds.length} worlds on ${commitNow()}: ${failed.length} failed`);
  return failed;
}

async function pairs(wanted: number, from: number): Promise<Outcome[]> {
  const failed: Outcome[] = [];
  let played = 0;
  for (let seed = from; played < wanted; seed += 1) {
    const worlds = (await crashPairs(seed)).slice(0, wanted - played);
    failed.push(...(await crashed(worlds)));
    played += worlds.length;
  }
  say(`${played} pairs of crashes on ${commitNow()}: ${failed.length} failed`);
  return failed;
}

async function known(): Promise<Outcome[]> {
  const names = await regressionNames();
  const failed: Outcome[] = [];
  for (const name of names) {
    const outcome = await playAndCompare(await readRegression(name));
    if (!hasFailed(outcome)) continue;
    failed.push(outcome);
    say(name);
    tell(outcome);
  }
  say(`${names.length} worlds that once broke on ${commitNow()}: ${failed.length} failed`);
  return failed;
}

/** How many failed. */
async function failures(): Promise<number> {
  switch (asked.way) {
    case "regressions":
      return (await known()).length;
    case "planted":
      return (await tableOfBugs(asked, say)).length;
    case "matrix":
      return (await matrix(asked.seed === null ? references : [asked.seed])).length;
    case "pairs":
      return (await pairs(asked.pairs, asked.from)).length;
    case "seed":
      return (await one(asked)).length;
    case "seeds":
      return await soup(asked, { say, tell });
  }
}

process.exitCode = (await failures()) === 0 ? 0 : 1;
