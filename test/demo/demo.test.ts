// The demo as people and scripts start it: its own processes, real HTTP, real git, production code on every path.

import { execFileSync } from "node:child_process";
import { cp, mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { type DemoRun, runDemo } from "./run-demo.ts";

const MODULES = fileURLToPath(new URL("../../node_modules/", import.meta.url));
const MINUTES = 60_000;

/** Nobody listens there: what goes by it is lost. */
const DEAD_PROXY = { NODE_USE_ENV_PROXY: "1", HTTP_PROXY: "http://127.0.0.1:9" };

async function ownFolder(): Promise<AsyncDisposable & { path: string }> {
  const path = await mkdtemp(join(tmpdir(), "fanfold-"));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}

/** What every completed run must show. */
function expectWhole({ status, summary }: DemoRun): void {
  const final = summary.finalPullRequest;
  const workers = summary.branches.filter((branch) => !branch.endsWith("/result"));
  expect(summary.run).toMatchObject({ status: "completed" });
  expect(status).toBe(0);
  expect(workers.length).toBeGreaterThanOrEqual(3);
  expect(new Set(workers).size).toBe(workers.length);
  expect(summary.workerPullRequests).toHaveLength(Math.min(12, workers.length));
  expect(summary.reviews).toBeGreaterThan(summary.workerPullRequests.length);
  expect(summary.reviewComments).toBeGreaterThanOrEqual(3);
  expect(summary.comments).toBe(1);
  expect(final).toMatchObject({ draft: true, base: "main" });
  expect(final?.commits).toBeGreaterThan(0);
  expect(final?.verifiedCommits).toBe(final?.commits);
  expect(final?.filesChanged).toBeGreaterThan(0);
  expect(summary.checkpointRef).toMatch(/^refs\/fanfold\/runs\/wf-\w+\/state$/);
  expect(summary.run?.agents).toBe(
    summary.run?.phases.reduce((sum, { agents }) => sum + agents, 0),
  );
  expect(summary.run?.costUsd).toBeGreaterThan(0);
}

describe("npm run demo -- --once --json", () => {
  it("does the whole job on the sample", { timeout: 2 * MINUTES }, async () => {
    const run = await runDemo([]);
    expectWhole(run);
    expect(run.summary.run?.phases.every(({ failed }) => failed === 0)).toBe(true);
    expect(run.stderr).toMatch(/final +http:\/\/127\.0\.0\.1:\d+\/acme\/sample\/pull\/\d+/);
  });

  it.each([
    ["/workflow help", 1, /The bot answered:[^]*\/workflow/],
    ["Hello, what a nice issue.", 0, /the comment holds no command/],
  ])(
    "ends when %j starts no run, and leaves nothing behind",
    { timeout: 2 * MINUTES },
    async (...[comment, comments, sentence]) => {
      await using folder = await ownFolder();
      const env = { TMPDIR: folder.path, ...DEAD_PROXY };
      const { status, summary, stderr } = await runDemo(["--comment", comment], { env });
      expect(status).toBe(1);
      expect(summary).toMatchObject({ run: null, comments, finalPullRequest: null });
      expect(stderr).toMatch(sentence);
      expect(await readdir(folder.path)).toEqual([]);
    },
  );

  it(
    "ends at once when the bot cannot start, with its own words, and keeps its log",
    { timeout: 2 * MINUTES },
    async () => {
      await using folder = await ownFolder();
      const env = { TMPDIR: folder.path, ANTHROPIC_API_KEY: "k", ANTHROPIC_BASE_URL: "nowhere" };
      const ending = runDemo([], { env });
      await expect(ending).rejects.toThrow(/could not start[^]*ANTHROPIC_BASE_URL must be an http/);
      await expect(ending).rejects.not.toThrow(/starting it again/);
      const [log = ""] = await readdir(folder.path);
      expect(log).toMatch(/^fanfold-demo-bot-\d+\.log$/);
      await expect(ending).rejects.toThrow(`log is kept in ${join(folder.path, log)}`);
      expect(await readFile(join(folder.path, log), "utf8")).toContain("Fanfold cannot start.");
    },
  );

  it("says in one sentence what is wrong with a repository that is none", async () => {
    const dir = await mkdtemp(join(tmpdir(), "fanfold-"));
    await expect(runDemo(["--repo", dir])).rejects.toThrow(/there is no git repository/);
    execFileSync("git", ["init", "--quiet", dir]);
    await expect(runDemo(["--repo", dir])).rejects.toThrow(/no commit yet/);
    await rm(dir, { recursive: true });
  });
});

describe("npm run demo on somebody else's package", () => {
  let dir: string;
  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), "fanfold-"));
  });
  afterAll(() => rm(dir, { recursive: true, force: true }));

  it.each(["parse-diff", "picomatch"])(
    "%s, as published",
    { timeout: 3 * MINUTES },
    async (name) => {
      const repo = join(dir, name);
      await cp(join(MODULES, name), repo, { recursive: true });
      const git = (...args: string[]) =>
        execFileSync("git", [
          "-C",
          repo,
          "-c",
          "user.name=t",
          "-c",
          "user.email=t@example.invalid",
          ...args,
        ]);
      git("init", "--quiet", "--initial-branch=main");
      git("add", "--all");
      git("commit", "--quiet", "--message=As published");
      expectWhole(await runDemo(["--repo", repo]));
    },
  );
});
