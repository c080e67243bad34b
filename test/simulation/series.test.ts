// What a series makes of what it found: nothing that broke is lost, and whoever plays it again sees the same.

import { describe, expect, it } from "vitest";

import { playAndCompare, shrink } from "./explore.ts";
import { plantedBugs } from "./planted/bugs.ts";
import { tableOfBugs } from "./planted/table.ts";
import { fileOf, readRegression, regressionNames, worldOf } from "./regressions.ts";
import { capOf, drawScenario } from "./scenario.ts";
import { openProgress } from "./progress.ts";
import { halved, inParts, soup, type Wanted } from "./soup.ts";
import { decidedOf, play, scenarioOf } from "./world.ts";

describe("a world that throws", () => {
  it("is one that failed, with its seed and what was thrown", async () => {
    const scenario = drawScenario(17);
    const torn = {
      at: 5_000,
      kind: "pushes" as const,
      get files(): never {
        throw new Error("The world is torn.");
      },
    };
    const outcome = await playAndCompare({
      seed: 17,
      isCalm: true,
      scenario: { ...scenario, deeds: [...scenario.deeds, torn], isOpenEnded: true },
    });
    expect(outcome).toMatchObject({
      seed: 17,
      violations: [
        { invariant: "a world is played to its end", what: "Error: The world is torn." },
      ],
    });
  });

  it("is found by halves when it ends the process of all that are played with it", async () => {
    const said: string[] = [];
    const fine = (worlds: number) => ({
      worlds,
      failed: 0,
      operations: worlds,
      crashes: 0,
      takeOvers: 0,
    });
    const apart = async ({ from, seeds }: Wanted) =>
      from <= 106 && 106 < from + seeds ? null : fine(seeds);
    const sums = await halved(
      { from: 100, seeds: 11 },
      { say: (line) => said.push(line), play: apart },
    );
    expect(said).toEqual(["seed 106 ended the process that played it"]);
    expect(sums).toEqual({ ...fine(11), failed: 1, operations: 10 });
  });
});

describe("a long series", () => {
  const fine = (worlds: number, operations = worlds) => ({
    worlds,
    failed: 0,
    operations,
    crashes: 0,
    takeOvers: 0,
  });

  it("says how far it is as often as a person looks", () => {
    let now = 0;
    const told: number[] = [];
    const progress = openProgress((worlds: number) => told.push(worlds), {
      everyMs: 10,
      now: () => now,
    });
    for (now = 0; now <= 35; now += 1) progress(now);
    expect(told).toEqual([10, 20, 30]);
  });

  it("hears every world of its parts as soon as it is played, and counts none twice", async () => {
    const told: number[] = [];
    const sums = await inParts(
      { from: 100, seeds: 8, lanes: 2 },
      {
        say: () => {},
        onDone: ({ worlds }) => told.push(worlds),
        play: async ({ from, seeds }, _, onSums) => {
          for (let at = 0; at < seeds; at += 1) {
            await Promise.resolve();
            if (from + at === 102) return null;
            onSums(fine(at + 1));
          }
          return fine(seeds);
        },
      },
    );
    expect(sums).toEqual({ ...fine(8, 7), failed: 1 });
    expect(told.at(-1)).toBe(8);
    expect(Math.max(...told)).toBe(8);
    expect(told.length).toBeGreaterThan(8);
  });

  it("hears it from processes, too", async () => {
    const said: string[] = [];
    const teller = { say: (line: string) => said.push(line), tell: () => {} };
    await soup({ from: 1, seeds: 4, lanes: 2 }, teller, { everyMs: 0 });
    const counted = said.map((line) => / of 4 worlds, .* 0 failed so far$/u.test(line));
    // One for every world, one for either part; then the sum of all.
    expect(counted).toEqual([...Array.from({ length: 6 }, () => true), false]);
    expect(said.some((line) => line.startsWith("1 of 4 worlds"))).toBe(true);
    expect(said.at(-1)).toMatch(/^4 worlds from 1 on .*: 0 failed/u);
  }, 120_000);
});

describe("a plan that breaks a world", () => {
  it("shrinks to nothing where the world breaks in calm weather", async () => {
    const plan = new Map([["p1 disk.append #1", { kind: "full" } as const]]);
    expect(await shrink(plan, async () => true)).toEqual(new Map());
  });
});

/** A world with a composed script, with deeds that have nothing to do with the work, and with a cap. */
const PECULIAR = Array.from({ length: 2_000 }, (_, seed) => seed).find(
  (seed) =>
    capOf(seed) !== null &&
    JSON.stringify(drawScenario(seed)) !== JSON.stringify(drawScenario(seed, 1)),
);

describe("the file of a world that broke", () => {
  it("is the same world when it is read", async () => {
    const seed = PECULIAR ?? 0;
    const played = await play({ seed });
    const world = worldOf(fileOf(decidedOf({ seed }), played.plan));
    expect(scenarioOf(world)).toEqual(scenarioOf({ seed }));
    const again = await play(world);
    expect(again).toEqual(played);
  });

  it("does not leave open what it was drawn from", async () => {
    const text = fileOf(decidedOf({ seed: 1 }), new Map());
    const { edition: _, ...rest } = JSON.parse(text);
    expect(() => worldOf(JSON.stringify(rest))).toThrow("edition");
  });

  it("says what was wrong, once it is stored", async () => {
    const names = await regressionNames();
    const worlds = await Promise.all(names.map(readRegression));
    expect(worlds.filter(({ why }) => why.length < 20)).toEqual([]);
  });
});

describe("the table of planted bugs", () => {
  const [first, second] = plantedBugs;
  const bugs = [first, second].flatMap((bug) => bug ?? []);

  it("has a column for each way, and a bug that one of them shows is shown", async () => {
    const said: string[] = [];
    const missed = await tableOfBugs({ seeds: 30, lanes: 2 }, (line) => said.push(line), {
      bugs,
      find: async (bug, [way]) => ({
        failed: bug === first && way === "--pairs" ? 2 : 0,
        of: way === "--seeds" ? 30 : 20,
      }),
    });
    expect(missed).toEqual([second?.name]);
    expect(said.slice(0, 3)).toEqual([
      "| planted bug | worlds drawn | worlds that once broke | single crashes | pairs of crashes |",
      "| --- | --- | --- | --- | --- |",
      `| ${first?.name} | 0 of 30 | 0 of 20 | 0 of 20 | 2 of 20 |`,
    ]);
  });
});

describe("the queue of a world", () => {
  const world = { seed: 17, edition: 2 as const, capUsd: null };

  it.each(["add", "take"])("is lost with its process at every %s", async (name) => {
    const calm = await play({ ...world, isCalm: true });
    for (const kind of ["crash-before", "crash-after"] as const) {
      const plan = new Map([[`p1 queue.${name} #1`, { kind }]]);
      const { violations, crashes, left } = await play({ ...world, plan });
      expect({ violations, crashes, left }).toEqual({
        violations: [],
        crashes: 1,
        left: calm.left,
      });
    }
  });

  it("hands a run out again that is over", async () => {
    const trace: string[] = [];
    const plan = new Map([["p1 queue.add #1", { kind: "twice" as const, ms: 15 * 60_000 }]]);
    const { violations } = await play({ ...world, plan, onTrace: (line) => trace.push(line) });
    expect(violations).toEqual([]);
    expect(trace.some((line) => line.endsWith("p1 queue.take #2"))).toBe(true);
  });
});

describe("a person who deletes the checkpoint of a run", () => {
  it("changes nothing of what comes of it where its machine lives", async () => {
    const scenario = drawScenario(17);
    const erases = { at: 120_000, kind: "erases" as const, which: 0 };
    const calm = await play({ seed: 17, isCalm: true });
    const { violations, left, operations } = await play({
      seed: 17,
      isCalm: true,
      scenario: { ...scenario, deeds: [...scenario.deeds, erases], isOpenEnded: true },
    });
    expect({ violations, left }).toEqual({ violations: [], left: calm.left });
    // Its driver lost it, and took it anew.
    expect(operations).not.toBe(calm.operations);
  });
});
