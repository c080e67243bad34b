import { defineConfig } from "vitest/config";

import { secondTries } from "./test/second-tries.ts";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    setupFiles: ["test/setup.ts"],
    testTimeout: 120_000,
    hookTimeout: 120_000,
    // One more than the cores of a small machine: the demo's tests mostly wait for real time.
    maxWorkers: 3,
    // What other processes do is waited for: a limit costs those nothing who are soon, and a busy machine takes its time.
    expect: { poll: { timeout: 60_000 } },
    // Where nobody can look at once (docs/decisions/0079-a-second-try.md).
    retry: process.env["CI"] === undefined ? 0 : 1,
    reporters: ["default", secondTries],
  },
});
