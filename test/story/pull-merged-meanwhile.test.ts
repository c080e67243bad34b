// A run on a pull request sees what that changed when the run began, whatever becomes of the pull request meanwhile.

import { execFileSync } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterEach, expect, it, vi } from "vitest";

import { fanfold } from "../command-line/run.ts";
import { playedBy } from "./actors.ts";
import { openStage, SECRET, type Stage } from "./stage.ts";

afterEach(() => vi.unstubAllEnvs());

const LOOK = `export const meta = { name: 'look', description: 'Look twice' }
const changed = await repo.diff()
await agent('Look at ' + changed.map((file) => file.path + file.patch).join(), { label: 'look' })
await approve('Go on?')
return { paths: (await repo.diff()).map((file) => file.path) }
`;

async function mergePull(stage: Stage): Promise<void> {
  const commit = async (name: string) => (await stage.git("rev-parse", name)).trim();
  const [main, topic] = [await commit("main"), await commit("topic")];
  const tree = await commit("topic^{tree}");
  const who = ["-c", "user.name=Ada", "-c", "user.email=ada@example.com"];
  const parents = ["-p", main, "-p", topic];
  const merge = await stage.git(...who, "commit-tree", tree, ...parents, "-m", "Merge it");
  await stage.git("update-ref", "refs/heads/main", merge.trim());
}

async function asked(): Promise<Stage> {
  const stage = await openStage({
    files: {
      "a.js": "export const a = 1\n",
      ".claude/workflows/look.js": LOOK,
      ".github/fanfold.yml": "approval:\n  trusted: [look]\n",
    },
    model: playedBy({ worker: () => ({ text: "Seen." }) }),
  });
  await stage.openPull({ "a.js": "export const a = 2\n" });
  await stage.post("/workflow look");
  await stage.settle();
  expect(stage.said().at(-1)).toContain("Go on?");
  return stage;
}

/** How the run ended, and what its script saw. */
async function answered(stage: Stage) {
  await stage.post("/workflow approve");
  await stage.settle();
  const { status } = stage.desk.runs()[0]?.record() ?? {};
  return { status, sawFile: stage.said()[0]?.includes("a.js") };
}

const GOOD = { status: "completed", sawFile: true };

it("goes on behind the merge of its pull request", async () => {
  await using stage = await asked();
  await mergePull(stage);
  expect(await answered(stage)).toEqual(GOOD);
});

it("goes on behind the merge on another machine, where the branch is gone", async () => {
  await using stage = await asked();
  await mergePull(stage);
  const head = (await stage.git("rev-parse", "topic")).trim();
  await stage.git("update-ref", `refs/pull/${stage.thread}/head`, head);
  await stage.git("update-ref", "-d", "refs/heads/topic");
  await stage.restart({ wipe: true });
  expect(await answered(stage)).toEqual(GOOD);
});

it("goes on when its pull request gets another base", async () => {
  await using stage = await asked();
  await stage.git("update-ref", "refs/heads/other", "topic");
  const pull = stage.github.pulls.find(({ number }) => number === stage.thread);
  if (pull !== undefined) pull.base = "other";
  expect(await answered(stage)).toEqual(GOOD);
});

it("is gone through again with what its pull request changed then", async () => {
  await using stage = await asked();
  expect(await answered(stage)).toEqual(GOOD);
  await mergePull(stage);
  await stage.post("/workflow replay");
  expect(stage.said().at(-1)).toContain("The script came to the end that it came to then.");

  vi.stubEnv("FANFOLD_DATA", "/nowhere");
  vi.stubEnv("FANFOLD_CHECKPOINT_KEY", SECRET);
  const run = stage.desk.runs()[0]?.record().id ?? "";
  const { gitDir } = stage.world;
  expect(await fanfold("replay", run, "--repo", gitDir)).toMatchObject({ status: 0 });

  const clone = await mkdtemp(join(tmpdir(), "fanfold-"));
  try {
    const state = `refs/fanfold/runs/${run}/state`;
    execFileSync("git", ["init", "-q", "--bare", clone]);
    execFileSync("git", ["-C", gitDir, "push", "-q", clone, `${state}:${state}`]);
    const lacking = await fanfold("replay", run, "--repo", clone, "--what-if", "budget=1");
    expect(lacking.status).toBe(1);
    const head = (await stage.git("rev-parse", "topic")).trim();
    expect(lacking.printed).toContain(`at commit ${head}, which this clone lacks`);
    expect(lacking.printed).toContain(`git fetch origin refs/pull/${stage.thread}/head`);
    expect(lacking.printed).toContain("nobody can tell what would have come of it");
    expect(lacking.printed).not.toContain("spent, 0 of");
  } finally {
    await rm(clone, { recursive: true, force: true });
  }
});
