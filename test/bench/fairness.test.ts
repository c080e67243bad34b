// The benchmark of fairness works, and prints what machines expect.

import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

import { expect, it } from "vitest";

import { FairnessResult } from "../../bench/fairness/result.ts";

const main = fileURLToPath(new URL("../../bench/main.ts", import.meta.url));

it("The benchmark of fairness lets ten installations with a run each end beside one with fifty", async () => {
  const asked = [main, "fairness", "--quick", "--json"];
  const { stdout } = await promisify(execFile)(process.execPath, asked);
  const { fairness } = FairnessResult.parse(JSON.parse(stdout));
  expect(fairness).toMatchObject([{ ended: 10, crowdEnded: 50 }]);
  expect(fairness[0]?.ratioMost).toBeLessThan(1.5);
});
