// The benchmark of repositories works and reports what machines expect; at this size its figures mean nothing.

import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

import { expect, it } from "vitest";

import { RepoResult } from "../../bench/repo/result.ts";

const main = fileURLToPath(new URL("../../bench/main.ts", import.meta.url));

it("The benchmark of repositories prints every figure as one JSON object", async () => {
  const asked = promisify(execFile)(process.execPath, [main, "repo", "--quick", "--json"]);
  const { repo } = RepoResult.parse(JSON.parse((await asked).stdout));
  expect(repo.workers).toBe(6);
  expect(repo.pushes).toBe(1);
  // The run's comment, the final pull request, and one review for all.
  expect(repo.contentRequests).toEqual({ "2": 3 });
  expect(repo.readsPerSecond).toBeGreaterThan(0);
}, 300_000);
