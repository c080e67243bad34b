import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    setupFiles: ["test/setup.ts"],
    testTimeout: 120_000,
    hookTimeout: 120_000,
    // One more than the cores of a small machine: the demo's tests mostly wait for real time.
    maxWorkers: 3,
  },
});
