// The benchmark of the engine works and reports what machines expect; at this size its figures mean nothing.

import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

import { describe, expect, it } from "vitest";

import { idealMs, latencies } from "../../bench/engine/latencies.ts";
import { EngineResult } from "../../bench/engine/result.ts";

const main = fileURLToPath(new URL("../../bench/main.ts", import.meta.url));

describe("The benchmark of the engine", { timeout: 300_000 }, () => {
  it("measures every figure in one command and prints them as one JSON object", async () => {
    const { stdout } = await promisify(execFile)(process.execPath, [
      main,
      "engine",
      "--quick",
      "--json",
      "--no-peers",
    ]);
    const { engine } = EngineResult.parse(JSON.parse(stdout));
    expect(engine.calls).toBe(40);
    expect(engine.microsecondsPerCall.fanfold).toBeGreaterThan(0);
    expect(engine.microsecondsPerCall.langgraph).toBeNull();
  });

  it("says how it is used when it is asked for something else", async () => {
    const asked = promisify(execFile)(process.execPath, [main, "weather"]);
    await expect(asked).rejects.toMatchObject({ code: 2, stderr: /npm run bench -- engine/ });
  });

  it("holds times against what the same calls take when no place is ever idle", () => {
    expect(idealMs([50, 50, 50, 50, 50], 2)).toBe(150);
    expect(idealMs([90, 10, 10, 10], 2)).toBe(90);
    const waits = latencies(10_000, { meanMs: 50, longTail: true });
    const mean = waits.reduce((sum, waitMs) => sum + waitMs, 0) / waits.length;
    expect(Math.abs(mean - 50)).toBeLessThan(2);
    expect(Math.max(...waits)).toBeGreaterThan(250);
  });
});
