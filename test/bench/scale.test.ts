// The benchmark of scale works, keeps the limits and reports what machines expect; at this size its figures mean little.

import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

import { describe, expect, it } from "vitest";

import { playDay } from "../../bench/scale/fleet.ts";
import { asksOf } from "../../bench/scale/load.ts";
import { ScaleResult } from "../../bench/scale/result.ts";
import { quickScenarios } from "../../bench/scale/sizes.ts";

const main = fileURLToPath(new URL("../../bench/main.ts", import.meta.url));
const [quick] = quickScenarios;
if (quick === undefined) throw new Error("There is no quick scenario.");

it("The benchmark of scale plays a fleet and prints one JSON object", async () => {
  const asked = [main, "scale", "--quick", "--json"];
  const { stdout } = await promisify(execFile)(process.execPath, asked);
  const { scale } = ScaleResult.parse(JSON.parse(stdout));
  expect(scale).toMatchObject([{ agentsLost: 0, beyondGitHub: 0, aloneS: 224 }]);
  expect(scale[0]?.runsEnded).toBeGreaterThan(0);
});

describe("a fleet", () => {
  const runs = (count: number, installation: number) =>
    Array.from({ length: count }, (_, index) => ({
      run: `wf-${installation * 1000 + index}`,
      installation,
      at: 0,
    }));

  it("lets runs wait that find no place", async () => {
    const day = await playDay(quick, runs(9, 1));
    const waited = day.ended.filter(({ waitMs }) => waitMs > 60_000);
    expect(day.ended).toHaveLength(9);
    // Two processes have eight places.
    expect(waited).toHaveLength(1);
  });

  it("keeps one installation within GitHub's limits, and slows its runs alone", async () => {
    const crowded = [...runs(70, 1), ...runs(1, 2)];
    const day = await playDay({ ...quick, processes: 20 }, crowded);
    expect(day.beyondGitHub).toBe(0);
    expect(day.putOff).toBeGreaterThan(0);
    expect(day.ended.length).toBeLessThan(71);
  });

  it("is asked for more by day than by night", () => {
    const asks = asksOf({ ...quick, agents: 100_000, hours: 24 }, 1);
    const within = (from: number, to: number) =>
      asks.filter(({ at }) => at >= from * 3_600_000 && at < to * 3_600_000).length;
    expect(asks.length).toBeGreaterThan(4_500);
    expect(asks.length).toBeLessThan(5_500);
    expect(within(10, 14)).toBeGreaterThan(4 * within(0, 4));
  });
});
