// People hold a run and let it go on, finish it with what there is, or change what it may cost while it runs.

import { describe, expect, it } from "vitest";

import { counting, type Held, openHeldStage } from "./held.ts";

const FILES = { "README.md": "numbers\n", ".claude/workflows/count.js": counting(3) };

const openCounting = (): Promise<Held> => openHeldStage({ files: FILES });

/** The run's comment. */
const progress = ({ stage }: Held): string =>
  stage.said().find((body) => body.includes("fanfold:run=")) ?? "";

const answer = ({ stage }: Held): string => stage.said().at(-1) ?? "";

/** A run whose first worker is at work and that somebody paused. */
async function openPausing(): Promise<Held> {
  const held = await openCounting();
  await held.stage.post("/workflow count");
  await held.begin("1");
  await held.stage.post("/workflow pause");
  return held;
}

async function openPaused(): Promise<Held> {
  const held = await openPausing();
  held.open("1");
  await held.stage.settle();
  return held;
}

describe("a paused run", () => {
  it("lets the agent at work end, begins no other, says so, and goes on over a restart when told", async () => {
    const held = await openPausing();
    await using stage = held.stage;
    expect(answer(held)).toContain("Pausing run");
    held.open("1");
    await stage.settle();
    expect(held.begun).toEqual(["1"]);
    expect(progress(held)).toContain("### ⏸️ Paused");
    expect(progress(held)).toContain("**Paused by ada**");
    expect(progress(held)).toContain("number 1");
    await stage.restart();
    await stage.settle();
    expect(progress(held)).toContain("⏸️ Paused");
    expect(held.begun).toEqual(["1"]);
    held.open("2");
    held.open("3");
    await stage.post("/workflow resume", "eve");
    expect(answer(held)).toContain("goes on");
    await stage.settle();
    expect(progress(held)).toContain("✅ Completed");
    expect(held.begun).toEqual(["1", "2", "3"]);
  });

  it("goes on at once when the pause is taken back while the agent still works", async () => {
    const held = await openPausing();
    await using stage = held.stage;
    await stage.post("/workflow resume");
    for (const part of ["1", "2", "3"]) held.open(part);
    await stage.settle();
    expect(progress(held)).toContain("✅ Completed");
  });

  it("can be cancelled, and its state is told", async () => {
    const held = await openPaused();
    await using stage = held.stage;
    await stage.post("/workflow status");
    expect(answer(held)).toContain("| paused |");
    await stage.post("/workflow pause");
    expect(answer(held)).toContain("paused already, by ada");
    await stage.post("/workflow cancel");
    await stage.settle();
    expect(progress(held)).toContain("⏹️ Cancelled");
    await stage.post("/workflow resume");
    expect(answer(held)).toMatch(/Run `wf-\w+` has ended \(cancelled\)/);
  });

  it("is not resumed by somebody who may only read, nor while Fanfold is off", async () => {
    const held = await openPaused();
    await using stage = held.stage;
    await stage.post("/workflow resume", "rob");
    expect(answer(held)).toContain("needs **write**");
    await stage.push({ ".github/fanfold.yml": "disableWorkflows: true\n" });
    await stage.post("/workflow resume");
    expect(answer(held)).toContain("switched off");
    expect(held.begun).toEqual(["1"]);
  });

  it("is named where several runs of a thread could be meant", async () => {
    const held = await openPaused();
    await using stage = held.stage;
    await stage.post("/workflow count");
    await stage.post("/workflow pause");
    expect(answer(held)).toMatch(/do not guess.*wf-[0-9a-v]{10}.*wf-[0-9a-v]{10}/s);
    await stage.post("/workflow pause wf-0000000000");
    expect(answer(held)).toContain("no run `wf-0000000000`");
    const [, second] = stage.desk.runs();
    await stage.post(`/workflow cancel ${second?.record().id}`);
    await stage.settle();
    expect(second?.record().status).toBe("cancelled");
    await stage.post(`/workflow pause ${second?.record().id}`);
    expect(answer(held)).toContain("has ended (cancelled)");
  });
});

describe("a run that is landed", () => {
  it("finishes with what was accepted, asks no further agent, and says what is missing and how to get it", async () => {
    const held = await openCounting();
    await using stage = held.stage;
    held.open("1");
    await stage.post("/workflow count");
    await held.begin("2");
    await stage.post("/workflow land");
    expect(answer(held)).toContain("finishes with what there is");
    held.open("2");
    await stage.settle();
    expect(held.begun).toEqual(["1", "2"]);
    expect(progress(held)).toContain("⚠️ Completed in part");
    expect(progress(held)).toContain("ada asked to finish with what there is.");
    expect(progress(held)).toMatch(/`\/workflow retry wf-[0-9a-v]{10}`/);
    const final = stage.github.pulls.find(({ base }) => base === "main");
    expect(final).toMatchObject({ draft: true, state: "open" });
    expect(final?.body).toContain("Left out: number 2");
    expect(await stage.git("ls-tree", "--name-only", final?.head ?? "")).toContain("n1.txt");
  });

  it("may be landed while it is paused", async () => {
    const held = await openPaused();
    await using stage = held.stage;
    await stage.post("/workflow land");
    await stage.settle();
    // Nobody has reviewed the only change there is.
    expect(progress(held)).toContain(
      "Nothing was folded in, so there is no pull request. 1 change stayed out",
    );
    expect(held.begun).toEqual(["1"]);
  });

  it("has nothing to land before anything ran", async () => {
    const held = await openCounting();
    await using stage = held.stage;
    await stage.post("/workflow plan count");
    await stage.settle();
    await stage.post("/workflow land");
    expect(answer(held)).toContain("nothing to land");
    expect(progress(held)).toContain("waits for approval");
  });
});
