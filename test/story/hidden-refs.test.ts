// A repository that wants no branches of workers: their work is on hidden refs, and everything else is as in a large run.

import { describe, expect, it, vi } from "vitest";

import { type Actor, playedBy } from "./actors.ts";
import { counting } from "./held.ts";
import { openStage, type Stage } from "./stage.ts";

const FILES = {
  "README.md": "numbers\n",
  ".claude/workflows/count.js": counting(3),
  ".github/fanfold.yml": "branches: hidden\npermissions:\n  undo: write\n",
};
const DAY_MS = 24 * 60 * 60_000;

const worker: Actor = ({ task, turn }) => {
  const n = /the number (\d)/.exec(task)?.[1] ?? "?";
  return turn === 0
    ? { tools: [{ name: "write_file", input: { path: `n${n}.txt`, content: `${n}\n` } }] }
    : { finish: { summary: `Write ${n}` } };
};

const reviewer: Actor = ({ task }) => {
  const n = /the number (\d)/.exec(task)?.[1] ?? "?";
  const said = { severity: "nit", title: `Digit ${n}`, claim: "Nicer.", evidence: n };
  return { finish: { verdict: "accept", findings: [{ path: `n${n}.txt`, line: 1, ...said }] } };
};

async function refsOf(stage: Stage): Promise<string[]> {
  const refs = await stage.git("for-each-ref", "--format=%(refname)", "refs/");
  return refs
    .split("\n")
    .map((ref) => ref.replace(/wf-[^/]+/, "RUN").replace(/\/number-(\d).*/, "/$1"));
}

const WORK = [1, 2, 3].map((n) => `refs/fanfold/runs/RUN/w/${n}`);
const RESULT = "refs/heads/fanfold/RUN/result";

it("says once of a checkpoint that no key opens that it is left alone, and not each hour", async () => {
  await using stage = await openStage({ files: FILES, model: playedBy({ worker, reviewer }) });
  await stage.git("update-ref", "refs/fanfold/runs/wf-0000000000/state", "refs/heads/main");
  const { clock, log } = stage.world;
  const told = (): number =>
    log.lines.filter(({ message }) => message.includes("is left alone")).length;
  let looks = 0;
  const open = stage.world.openRemote;
  stage.world.openRemote = async (ref) => {
    const remote = await open(ref);
    const list: typeof remote.list = async (prefix) => {
      const refs = await remote.list(prefix);
      if (prefix === "refs/fanfold/runs/") looks += 1;
      return refs;
    };
    return { ...remote, list };
  };
  await stage.restart();
  expect(told()).toBe(1);
  await vi.waitFor(async () => {
    await clock.advance(10 * 60_000);
    expect(looks).toBeGreaterThan(3);
  }, 20_000);
  expect(told()).toBe(1);
});

describe("branches: hidden", () => {
  it("shows one branch and one pull request with the reviews on it, and clears its refs away", async () => {
    await using stage = await openStage({ files: FILES, model: playedBy({ worker, reviewer }) });
    await stage.post("/workflow count");
    await stage.settle();
    const state = "refs/fanfold/runs/RUN/state";
    const line = "refs/fanfold/runs/RUN/line";
    expect(await refsOf(stage)).toEqual([line, state, ...WORK, RESULT, "refs/heads/main"]);
    const { pulls, reviews } = stage.github;
    expect(pulls).toMatchObject([{ base: "main", draft: true }]);
    expect(reviews).toHaveLength(1);
    for (const n of [1, 2, 3]) expect(reviews[0]?.body).toContain(`**Digit ${n}**`);
    expect(reviews[0]?.body).toContain("which `git fetch` brings by its name");
    const [told = ""] = stage.said();
    expect(told).toMatch(
      /\[`refs\/fanfold\/runs\/wf-\w+\/w\/number-1-\w+`\]\(\S+\/commit\/[0-9a-f]{40}\)/,
    );
    const [pull] = pulls;
    if (pull !== undefined) pull.state = "closed";
    await stage.world.clock.advance(DAY_MS);
    await stage.world.clock.during(stage.desk.tidy(new AbortController().signal), 2000);
    expect(await refsOf(stage)).toEqual([state, "refs/heads/main"]);
  });

  it("is found by a machine that knows nothing, runs again from its answers, and is undone", async () => {
    await using stage = await openStage({ files: FILES, model: playedBy({ worker, reviewer }) });
    await stage.post("/workflow count");
    const written = async (): Promise<boolean> => (await refsOf(stage)).includes(WORK[0] ?? "");
    while (!(await written())) await stage.world.clock.advance(1_000);
    await stage.restart({ wipe: true });
    await stage.settle();
    expect(stage.said()[0]).toContain("✅ Completed");
    expect(stage.said()[0]).not.toContain("left alone");
    const [run] = stage.desk.runs();
    await stage.post(`/workflow retry ${run?.record().id}`);
    await stage.settle();
    expect((await refsOf(stage)).filter((ref) => ref === WORK[0])).toHaveLength(2);
    await stage.post(`/workflow undo ${run?.record().id}`);
    await stage.settle();
    expect((await refsOf(stage)).filter((ref) => ref === WORK[0])).toHaveLength(1);
  });
});
