// Worlds in which things go wrong: nothing is lost, nothing is made twice, and every run comes to its end.

import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";

import { describe, expect, it } from "vitest";

import { limits } from "../../src/config/limits.ts";
import { plant, plantedBugs } from "./planted/bugs.ts";
import { hunt } from "./planted/hunt.ts";
import { readRegression, regressionNames } from "./regressions.ts";
import {
  crashPairs,
  crashPlans,
  operationsOf,
  playAndCompare,
  references,
  shrink,
} from "./explore.ts";
import { drawScenario } from "./scenario.ts";
import { play, type WorldOptions } from "./world.ts";

const SECONDS = 1_000;

/** Worlds that show both bugs that are hunted here. */
const SHOWN_FROM = 20;
const SHOWN_SEEDS = 8;
const SOUP = { from: 1, seeds: 60 };
/** Of the crashes of one reference workflow: the whole matrix is for `npm run simulate -- --matrix`. */
const EVERY_NTH_CRASH = 6;
/** Some pairs each; thousands are for `npm run simulate -- --pairs`. */
const PAIR_SEEDS = [1, 2, 3];

async function traceOf(options: WorldOptions): Promise<string> {
  const hash = createHash("sha1");
  await play({ ...options, onTrace: (line) => void hash.update(`${line}\n`) });
  return hash.digest("hex");
}

describe("a world in which nothing goes wrong", () => {
  it.each(references)("comes to its end, of seed %i", async (seed) => {
    const { violations, crashes, left } = await play({ seed, isCalm: true });
    expect(violations).toEqual([]);
    expect(crashes).toBe(0);
    expect(left.runs).toHaveLength(1);
  });

  it("shows every kind of script", () => {
    expect(new Set(references.map((seed) => drawScenario(seed).name)).size).toBe(references.length);
  });
});

describe("worlds drawn from seeds", () => {
  it("are the same twice, event by event", { timeout: 120 * SECONDS }, async () => {
    for (const seed of [3, 4, 22]) expect(await traceOf({ seed })).toBe(await traceOf({ seed }));
  });

  it("keep every invariant", { timeout: 240 * SECONDS }, async () => {
    let crashes = 0;
    for (let seed = SOUP.from; seed < SOUP.from + SOUP.seeds; seed += 1) {
      const outcome = await playAndCompare({ seed });
      crashes += outcome.crashes;
      expect(outcome.violations, `npm run simulate -- --seed ${seed} --trace`).toEqual([]);
    }
    // Weather that harms nobody would prove nothing.
    expect(crashes).toBeGreaterThan(SOUP.seeds);
  });
});

describe("a crash at any operation", () => {
  it("leaves the same result as none", { timeout: 240 * SECONDS }, async () => {
    const [seed] = references;
    const calm = await play({ seed, isCalm: true });
    const plans = crashPlans(await operationsOf({ seed }));
    const some = plans.filter((_, index) => index % EVERY_NTH_CRASH === 0);
    expect(some.length).toBeGreaterThan(20);
    for (const plan of some) {
      const { violations, left, crashes } = await play({ seed, plan });
      expect({ plan, violations, left, crashes }).toEqual({
        plan,
        violations: [],
        left: calm.left,
        crashes: 1,
      });
    }
  });
});

describe("a crash while another one is recovered from", () => {
  it("leaves the same result as none", { timeout: 240 * SECONDS }, async () => {
    const pairs = (await Promise.all(PAIR_SEEDS.map(crashPairs))).flat();
    expect(pairs.length).toBeGreaterThan(PAIR_SEEDS.length);
    for (const pair of pairs) {
      const calm = await play({ seed: pair.seed, isCalm: true });
      const { violations, left, crashes } = await play(pair);
      expect({ pair, violations, left, crashes }).toEqual({
        pair,
        violations: [],
        left: calm.left,
        crashes: 2,
      });
    }
  });
});

describe("a machine beside the one that drives a run", () => {
  // Both cancel while a second machine gets the webhooks and the first one goes on driving.
  it.each([137, 183])("passes on what is said to it, of seed %i", async (seed) => {
    const plan = new Map([["p1 git.push #2", { kind: "second", ms: 0 } as const]]);
    const { violations, left } = await play({ seed, plan, isClumsy: true, refsPerPush: null });
    expect({ violations, runs: left.runs }).toEqual({ violations: [], runs: ["cancelled"] });
  });
});

describe("a machine that has not heard what a run asks", () => {
  it.each(["said-to-a-machine-that-had-not-looked.json", "let-go-of-before-it-was-told.json"])(
    "looks before it denies it: %s",
    async (name) => {
      const { said } = await play(await readRegression(name));
      expect(said.join("\n")).toContain("> `/workflow approve`\n\nApproved: question");
    },
  );
});

describe("a run that ends its driver each time", () => {
  it("is taken up a dozen times, and then ends and says so", async () => {
    const deaths = Array.from({ length: 30 }, (_, life) => `p${life + 1} model.turn #1`);
    const plan = new Map(deaths.map((death) => [death, { kind: "crash-before" } as const]));
    const { violations, left, crashes, said } = await play({ seed: 1, plan, isClumsy: false });
    expect({ violations, runs: left.runs }).toEqual({ violations: [], runs: ["failed"] });
    // The first one may have pushed that it began its calls: then the others count.
    const barren = limits.run.barrenDrivers;
    expect([barren, barren + 1]).toContain(crashes);
    expect(said.join("\n")).toContain(`The bot died ${barren} times in a row`);
  });
});

describe("worlds that once broke", async () => {
  it.each(await regressionNames())("%s", { timeout: 60 * SECONDS }, async (name) => {
    const { violations } = await playAndCompare(await readRegression(name));
    expect(violations).toEqual([]);
  });
});

describe("planted bugs", () => {
  it.each(plantedBugs)("can be planted: $name", async (bug) => {
    const text = await readFile(new URL(`../../${bug.file}`, import.meta.url), "utf8");
    expect(plant(bug, text)).not.toBe(text);
  });

  // The others are shown by `npm run simulate -- --planted`: each takes as many worlds as it is rare.
  it.each([
    "nothing is proven before GitHub is written to",
    "a push does not compare the checkpoint",
  ])("are found: %s", { timeout: 120 * SECONDS }, async (name) => {
    const bug = plantedBugs.find((each) => each.name === name);
    if (bug === undefined) throw new Error("There is no such bug.");
    const found = await hunt(bug, ["--from", String(SHOWN_FROM), "--seeds", String(SHOWN_SEEDS)]);
    expect(found.failed).toBeGreaterThan(0);
  });
});

describe("a plan that breaks a world", () => {
  it("shrinks to the faults that matter", async () => {
    const all = ["a", "b", "c", "d", "e", "f", "g"].map((key) => [key, { kind: "fails" }] as const);
    const smallest = await shrink(new Map(all), async (plan) => plan.has("b") && plan.has("f"));
    expect([...smallest.keys()]).toEqual(["b", "f"]);
  });
});
