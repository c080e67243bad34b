// Says what in the lock file would let something be installed that nobody decided on; exit status 1 when there is any.

import { readFile } from "node:fs/promises";

import { problemsOfLock } from "./lock.ts";

const read = (name: string): Promise<string> =>
  readFile(new URL(`../${name}`, import.meta.url), "utf8");

const [lock, manifest, npmrc] = await Promise.all(
  ["package-lock.json", "package.json", ".npmrc"].map(read),
);
const problems = problemsOfLock({ lock: lock ?? "", manifest: manifest ?? "", npmrc: npmrc ?? "" });
for (const problem of problems) process.stderr.write(`${problem}\n`);
if (problems.length > 0) process.exitCode = 1;
