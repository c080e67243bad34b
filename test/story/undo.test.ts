// A person takes a run back: what it made on GitHub goes, what other people did stays and is named.

import { describe, expect, it } from "vitest";

import { ForgeError } from "../../src/world/forge-error.ts";
import { type Actor, playedBy } from "./actors.ts";
import { counting, openHeldStage } from "./held.ts";
import { openStage, type Stage } from "./stage.ts";

const FILES = { "README.md": "numbers\n", ".claude/workflows/count.js": counting(2) };

const worker: Actor = ({ task, turn }) => {
  const n = /the number (\d)/.exec(task)?.[1] ?? "?";
  return turn === 0
    ? { tools: [{ name: "write_file", input: { path: `n${n}.txt`, content: `${n}\n` } }] }
    : { finish: { summary: `Write ${n}` } };
};

const reviewer: Actor = ({ task }) => {
  const n = /the number (\d)/.exec(task)?.[1] ?? "?";
  const said = { severity: "nit", title: "A word", claim: "Nicer.", evidence: n };
  return { finish: { verdict: "accept", findings: [{ path: `n${n}.txt`, line: 1, ...said }] } };
};

async function ended(
  before: (operation: string) => void = () => {},
  isFleet = false,
): Promise<Stage> {
  const model = playedBy({ worker, reviewer });
  const stage = await openStage({ files: FILES, model, before, isFleet });
  await stage.post("/workflow count");
  await stage.settle();
  return stage;
}

async function say(stage: Stage, body: string, by = "mia"): Promise<string> {
  const known = new Set(stage.said());
  await stage.post(body, by);
  await stage.settle();
  return stage.said().find((each) => !known.has(each) && !each.includes("### ")) ?? "";
}

const ourRefs = async (stage: Stage): Promise<string[]> => {
  const refs = await stage.git(
    "for-each-ref",
    "--format=%(refname)",
    "refs/heads/fanfold",
    "refs/fanfold",
  );
  return refs.split("\n").filter((ref) => ref !== "");
};
const finalOf = ({ github }: Stage) => github.pulls.find(({ base }) => base === "main");

describe("/workflow undo", () => {
  it("closes the pull requests, deletes every ref, hides the reviews, and finds nothing left the second time", async () => {
    await using stage = await ended();
    await say(stage, "/workflow save tally");
    expect(await ourRefs(stage)).toHaveLength(6);
    expect(await say(stage, "/workflow undo", "ada")).toMatch(/\bmaintain\b/);
    expect(await ourRefs(stage)).toHaveLength(6);
    expect(await say(stage, "/workflow undo")).toContain("Taking back what run `wf-");
    expect(await ourRefs(stage)).toEqual([]);
    expect(finalOf(stage)).toMatchObject({ state: "closed", merged: false });
    expect(finalOf(stage)?.body).toContain("↩️ **Undone**: mia took run");
    expect(stage.github.pulls.map(({ state }) => state)).toEqual(
      stage.github.pulls.map(() => "closed"),
    );
    expect(stage.github.reviews).toHaveLength(2);
    for (const { hidden, threads } of stage.github.reviews)
      expect([hidden, ...threads.map((each) => each.hidden)]).toEqual([true, true]);
    const [told = ""] = stage.said();
    expect(told).toContain("### ↩️ Undone: Count up");
    expect(told).toMatch(/closed #\d+, #\d+, #\d+, #\d+, 6 refs deleted, 4 comments hidden/);
    expect(told).toContain("Notifications that were sent");
    expect(stage.github.comments.every(({ hidden }) => !hidden)).toBe(true);
    const once = JSON.stringify([stage.github.pulls, stage.github.reviews, told]);
    const [run] = stage.desk.runs();
    const again = await say(stage, `/workflow undo ${run?.record().id}`);
    expect(again).toContain("was undone by mia; nothing is left that could be undone.");
    expect(JSON.stringify([stage.github.pulls, stage.github.reviews, stage.said()[0]])).toBe(once);
    // What is made of it afterwards can be taken back as well.
    await say(stage, `/workflow save ${run?.record().id} again`);
    expect(await ourRefs(stage)).toHaveLength(1);
    await say(stage, `/workflow undo ${run?.record().id}`);
    expect(await ourRefs(stage)).toEqual([]);
    expect(stage.github.pulls.at(-1)).toMatchObject({ state: "closed", base: "main" });
    // What is on this machine is enough to do the work again.
    await stage.post(`/workflow retry ${run?.record().id}`);
    await stage.settle();
    expect(stage.said().at(-1)).toContain("✅ Completed");
  });

  it("leaves what people did: a merge, a branch that was moved, one that somebody's pull request comes from", async () => {
    await using stage = await ended();
    const final = finalOf(stage);
    await stage.git("update-ref", "refs/heads/main", final?.headSha ?? "");
    const heads = (await ourRefs(stage)).filter((ref) => /\/number-|\/\d/.test(ref));
    const [moved = "", used = ""] = heads;
    const tree = await stage.git("rev-parse", `${moved}^{tree}`);
    await stage.git(
      "update-ref",
      moved,
      await stage.git("commit-tree", "-p", moved, "-m", "mine", tree),
    );
    const forge = await stage.world.openForge(stage.world.ref);
    await stage.git("update-ref", "refs/heads/elsewhere", "main~2");
    await forge.createPullRequest({
      head: used.replace("refs/heads/", ""),
      base: "elsewhere",
      title: "Mine",
      body: "",
      draft: false,
    });
    await say(stage, "/workflow undo");
    expect((await ourRefs(stage)).toSorted()).toEqual([moved, used].toSorted());
    const [told = ""] = stage.said();
    expect(told).toContain(`- #${final?.number} is merged. **Revert**`);
    expect(told).toContain(`- \`${moved}\` stays: it is not where the run left it`);
    expect(told).toMatch(/stays: #\d+ comes from it, and the run did not open that/);
    expect(stage.github.pulls.at(-1)).toMatchObject({ title: "Mine", state: "open" });
    expect(await say(stage, `/workflow undo ${stage.desk.runs()[0]?.record().id}`)).toContain(
      "What stays:",
    );
  });

  it("knows its own branch where the run got no further than putting its line on a base that had moved", async () => {
    await using stage = await openStage({
      files: FILES,
      model: playedBy({
        worker: async (seen) => {
          if (seen.turn === 1) await stage.push({ "other.txt": "o\n" });
          return await worker(seen);
        },
        reviewer,
      }),
      before: (operation) => {
        if (operation === "createCommit") throw new ForgeError("refused", "Not by this App.");
      },
    });
    await stage.post("/workflow count");
    await stage.settle();
    expect(stage.said()[0]).toContain("Not by this App.");
    const result = (await ourRefs(stage)).find((ref) => ref.endsWith("/result")) ?? "";
    expect(await stage.git("show", `${result}:other.txt`)).toBe("o");
    await say(stage, "/workflow undo");
    expect(await ourRefs(stage)).toEqual([]);
    expect(stage.said()[0]).toContain("### ↩️ Undone");
  });

  it("stops a run that is under way first, even when the process ends in between", async () => {
    const { stage: held, begin, open } = await openHeldStage({ files: FILES });
    await using stage = held;
    await stage.post("/workflow count");
    await begin("1");
    open("1");
    await begin("2");
    while (stage.github.pulls.length === 0) await stage.world.clock.advance(1_000);
    await stage.desk.grant(
      { repository: stage.world.ref, thread: stage.thread },
      { id: 4, login: "mia" },
      { verb: "undo", run: null },
    );
    await stage.restart();
    await stage.settle();
    expect(stage.said()[0]).toContain("### ↩️ Undone");
    expect(stage.github.pulls).toMatchObject([{ state: "closed", merged: false }]);
    expect(await ourRefs(stage)).toEqual([]);
  });

  it("is done to its end by the next process, and says what GitHub would not hide", async () => {
    let isCut = true;
    await using stage = await ended((operation) => {
      if (operation !== "hide") return;
      if (isCut) throw new ForgeError("unreachable", "GitHub is away.");
      throw new ForgeError("forbidden", "GitHub does not let the App hide.");
    });
    await stage.post("/workflow undo", "mia");
    while ((await ourRefs(stage)).length > 1) await stage.world.clock.advance(1_000);
    await stage.restart();
    isCut = false;
    await stage.settle();
    expect(stage.said()[0]).toContain("is still shown: GitHub does not let the App hide");
    expect(stage.said()[0]).toContain("### ↩️ Undone");
  });

  it("is done to its end by another machine of a fleet, when the one that began is lost with its disk", async () => {
    let isCut = true;
    const before = (operation: string) => {
      if (operation === "hide" && isCut) throw new ForgeError("unreachable", "GitHub is away.");
    };
    await using stage = await ended(before, true);
    const run = stage.desk.runs()[0]?.record().id ?? "";
    await stage.post("/workflow undo", "mia");
    while ((await ourRefs(stage)).length > 1) await stage.world.clock.advance(1_000);
    await stage.restart({ wipe: true });
    isCut = false;
    // As a queue in a database hands out what a lost worker had.
    await stage.world.queue.add({ run, repository: stage.world.ref });
    await stage.settle();
    expect(stage.said()[0]).toContain("### ↩️ Undone");
    expect(await ourRefs(stage)).toEqual([]);
  });

  it("asks which one is meant when there are several, and takes another thread's run by its id", async () => {
    await using stage = await ended();
    await stage.post("/workflow count");
    await stage.settle();
    expect(await say(stage, "/workflow undo")).toContain("Several runs of this thread");
    expect(await ourRefs(stage)).toHaveLength(10);
    stage.openIssue();
    expect(await say(stage, "/workflow undo")).toContain("This thread has no run");
    await say(stage, `/workflow undo ${stage.desk.runs()[1]?.record().id}`);
    expect(await ourRefs(stage)).toHaveLength(5);
    expect(await say(stage, "/workflow undo wf-0000000000")).toContain("has no run");
  });
});
