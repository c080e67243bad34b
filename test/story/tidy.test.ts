// What an ended run left on GitHub is cleared away when nobody needs it any more, and nothing else is.

import { describe, expect, it } from "vitest";

import { type Actor, playedBy } from "./actors.ts";
import { openStage, type Stage } from "./stage.ts";

const SCRIPT = `export const meta = { name: 'count-up', description: 'Two changes' }
const made = await parallel([1, 2].map((n) => async () => {
  const one = await change('Write the number ' + n, { label: 'number ' + n })
  await review(one, { reviewers: 1, lenses: ['correctness'] })
  return one
}))
return (await combine(made)).combined.length
`;
const FILES = { "README.md": "numbers\n", ".claude/workflows/count-up.js": SCRIPT };
const DAY_MS = 24 * 60 * 60_000;

const worker: Actor = ({ task, turn }) => {
  const n = /the number (\d)/.exec(task)?.[1] ?? "?";
  return turn === 0
    ? { tools: [{ name: "write_file", input: { path: `n${n}.txt`, content: `${n}\n` } }] }
    : { finish: { summary: `Write ${n}` } };
};

async function ended(): Promise<Stage> {
  const stage = await openStage({ files: FILES, model: playedBy({ worker }) });
  await stage.post("/workflow count-up");
  await stage.settle();
  await stage.git("branch", "fanfold/other/work", "main");
  await stage.git("branch", "people", "main");
  return stage;
}

/** Looks after what is left, so many days later. */
async function later(stage: Stage, days: number): Promise<void> {
  const { clock } = stage.world;
  await clock.advance(days * DAY_MS);
  await clock.during(stage.desk.tidy(new AbortController().signal), 2000);
}

async function refsOf(stage: Stage): Promise<string[]> {
  const refs = await stage.git("for-each-ref", "--format=%(refname)");
  const short = refs
    .split("\n")
    .map((ref) => ref.replace(/wf-[^/]+/, "RUN").replace(/number-(\d).*/, "$1"));
  return short.toSorted();
}

const finalOf = ({ github }: Stage) => github.pulls.find(({ base }) => base === "main");

const OTHERS = ["refs/heads/fanfold/other/work", "refs/heads/main", "refs/heads/people"];
const STATE = "refs/fanfold/runs/RUN/state";
const RUN_LINE = "refs/fanfold/runs/RUN/line";
const WORKERS = ["refs/heads/fanfold/RUN/1", "refs/heads/fanfold/RUN/2"];
const SAVE = "refs/heads/fanfold/RUN/save-tally";
const RESULT = "refs/heads/fanfold/RUN/result";

describe("what an ended run left", () => {
  it("stays while its pull request is open, and goes with the next look once it is closed", async () => {
    await using stage = await ended();
    await stage.post("/workflow save tally");
    await later(stage, 1);
    expect(await refsOf(stage)).toEqual(
      [RUN_LINE, STATE, ...WORKERS, RESULT, SAVE, ...OTHERS].toSorted(),
    );
    const pull = finalOf(stage);
    const save = stage.github.pulls.at(-1);
    if (pull === undefined || save === undefined) throw new Error("There is no pull request.");
    pull.state = "closed";
    await later(stage, 1);
    expect(await refsOf(stage)).toEqual([STATE, SAVE, ...OTHERS].toSorted());
    save.state = "closed";
    await later(stage, 1);
    expect(await refsOf(stage)).toEqual([STATE, ...OTHERS].toSorted());
    await later(stage, 180);
    expect(await refsOf(stage)).toEqual(OTHERS);
  });

  it("keeps the head of an open pull request however old it is", async () => {
    await using stage = await ended();
    await later(stage, 200);
    expect(await refsOf(stage)).toEqual([RESULT, ...OTHERS].toSorted());
  });

  it("does not touch a branch that somebody worked on", async () => {
    await using stage = await ended();
    const refs = (
      await stage.git("for-each-ref", "--format=%(refname)", "refs/heads/fanfold/")
    ).split("\n");
    const theirs = refs.find((ref) => ref.includes("number-1")) ?? "";
    await stage.git("update-ref", theirs, "main");
    await later(stage, 200);
    expect(await refsOf(stage)).toEqual([...WORKERS.slice(0, 1), RESULT, ...OTHERS].toSorted());
  });

  it("is looked after by the next process as well", async () => {
    await using stage = await ended();
    await stage.restart();
    await later(stage, 200);
    expect(await refsOf(stage)).toEqual([RESULT, ...OTHERS].toSorted());
  });
});
