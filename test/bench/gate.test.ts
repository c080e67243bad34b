// The benchmark of the gate works and reports what machines expect; at this size its figures mean little.

import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

import { expect, it } from "vitest";

import { GateResult } from "../../bench/gate/result.ts";

const main = fileURLToPath(new URL("../../bench/main.ts", import.meta.url));

it("The benchmark of the gate runs both ways and prints one JSON object", async () => {
  const asked = [main, "gate", "--quick", "--json"];
  const { stdout } = await promisify(execFile)(process.execPath, asked);
  const { gate } = GateResult.parse(JSON.parse(stdout));
  expect(gate).toMatchObject({ agents: 6, turns: 2, lost: 0, refusedShare: 0 });
  expect(gate.cacheCostShare).toBeLessThan(gate.naiveCacheCostShare);
});
