// The benchmark of deliveries works and reports what machines expect; at this size its figures mean little.

import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

import { expect, it } from "vitest";

import { DeliveriesResult } from "../../bench/deliveries/result.ts";

const main = fileURLToPath(new URL("../../bench/main.ts", import.meta.url));

it("The benchmark of deliveries hears everybody and prints one JSON object", async () => {
  const asked = [main, "deliveries", "--quick", "--json"];
  const { stdout } = await promisify(execFile)(process.execPath, asked);
  const { deliveries } = DeliveriesResult.parse(JSON.parse(stdout));
  expect(deliveries).toMatchObject({ atOnce: 4, rounds: 1, refused: 0 });
  expect(deliveries.seenMs).toBeGreaterThan(0);
});
