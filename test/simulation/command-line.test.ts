// What is typed to play worlds: a slip must never look like a series without a finding.

import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";

import { describe, expect, it } from "vitest";

import { readAsked, USAGE } from "./asked.ts";
import { Misasked } from "./command-line.ts";

const split = (line: string): string[] => line.split(" ").filter((word) => word !== "");

describe("what cannot be played is refused", () => {
  it.each([
    "",
    "--from 3",
    "--seeds abc",
    "--seeds 0",
    "--seeds -5",
    "--seeds 1e3",
    "--seeds 3 --from x",
    "--seeds 3 --from 4294967294",
    "--seeds 20000 --lanes 0",
    "--seeds 20000 --lanes x",
    "--pairs abc",
    "--pairs 0",
    "--seed abc",
    "--seed 1.5",
    "--seed 4294967296",
    "--seed 1 --seed 2",
    "--nope",
    "somewhere",
    "--seeds --trace",
  ])("npm run simulate -- %s", (line) => {
    expect(() => readAsked(split(line))).toThrow(Misasked);
  });
});

describe("what contradicts itself is refused, in words", () => {
  it.each([
    ["--seeds 9 --seed 3", "--seeds does not go with --seed."],
    ["--seeds 9 --trace", "--trace does not go with --seeds."],
    ["--regressions --seed 3", "--seed does not go with --regressions."],
    ["--matrix --pairs 3", "--pairs does not go with --matrix."],
    ["--pairs 3 --lanes 2", "--lanes does not go with --pairs."],
  ])("npm run simulate -- %s", (line, words) => {
    expect(() => readAsked(split(line))).toThrow(words);
  });
});

describe("what can be played is read", () => {
  it.each([
    ["--seeds 9 --from 4 --lanes 2", { way: "seeds", seeds: 9, from: 4, lanes: 2 }],
    ["--seeds 9", { way: "seeds", seeds: 9, from: 1, lanes: 1 }],
    ["--seed 0 --trace", { way: "seed", seed: 0, isTraced: true }],
    ["--matrix", { way: "matrix", seed: null }],
    ["--matrix --seed 17", { way: "matrix", seed: 17 }],
    ["--pairs 4", { way: "pairs", pairs: 4, from: 1 }],
    ["--planted", { way: "planted", seeds: 200, lanes: 1 }],
    ["--planted --seeds 9 --lanes 2", { way: "planted", seeds: 9, lanes: 2 }],
    ["--regressions", { way: "regressions" }],
  ])("npm run simulate -- %s", (line, asked) => {
    expect(readAsked(split(line))).toEqual(asked);
  });
});

/** Ends of a process: how, and what it said on which stream. */
function run(script: string, line: string) {
  const path = fileURLToPath(new URL(script, import.meta.url));
  const { promise, resolve } = Promise.withResolvers<object>();
  execFile(process.execPath, [path, ...split(line)], (error, stdout, stderr) =>
    resolve({ code: error?.code ?? 0, stdout, stderr }),
  );
  return promise;
}

describe("a series", () => {
  it.each([
    ["cli.ts", "--seeds 3 --lanes none", "npm run simulate"],
    ["../processes/kill-series.ts", "--kills abc", "npm run kill-series"],
    ["../processes/fleet/series.ts", "--parts 0", "npm run fleet-series"],
  ])("ends with 2 and its usage when it cannot be played: %s %s", async (script, line, usage) => {
    const stderr = expect.toSatisfy(
      (said: string) => said.includes(usage) && !said.includes("    at "),
    );
    expect(await run(script, line)).toEqual({ code: 2, stdout: "", stderr });
  });

  it("says how it is asked for, and ends with 0", async () => {
    expect(await run("cli.ts", "--help")).toEqual({ code: 0, stdout: USAGE, stderr: "" });
  });
});
