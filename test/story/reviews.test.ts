// What reviewers say stands on the lines it is about, whatever else the run does in the same moment.

import { describe, expect, it } from "vitest";

import { ModelError } from "../../src/agent/model.ts";
import { type Act, type Actor, playedBy } from "./actors.ts";
import { openStage } from "./stage.ts";

const SCRIPT = `export const meta = { name: 'count-up', description: 'One change' }
const made = await change('Write the number', { label: 'number' })
await review(made, { reviewers: 1, lenses: ['correctness'] })
await combine([made])
await agent('Look whether all is done', { label: 'last look' })
`;
const FILES = { "README.md": "numbers\n", ".claude/workflows/count-up.js": SCRIPT };

const write: Actor = ({ turn }) =>
  turn === 0
    ? { tools: [{ name: "write_file", input: { path: "n.txt", content: "one\ntwo\n" } }] }
    : { finish: { summary: "Write the number" } };

const REVIEW: Act = {
  finish: {
    verdict: "accept",
    findings: [
      {
        path: "n.txt",
        line: 2,
        severity: "nit",
        title: "A word for a digit",
        claim: "It says two.",
        evidence: "two",
      },
    ],
  },
};

describe("a review", () => {
  it("stands on its lines even when its change is folded in before it could be posted", async () => {
    // The pull request is being made from the first review to the fold: both wait for the same push.
    const isBeingMade = Promise.withResolvers<void>();
    const isFolded = Promise.withResolvers<void>();
    const worker: Actor = (talk) => {
      if (!talk.task.includes("Look whether all is done")) return write(talk);
      isFolded.resolve();
      return { text: "All is done." };
    };
    const reviewer: Actor = async () => {
      await isBeingMade.promise;
      return REVIEW;
    };
    await using stage = await openStage({
      files: FILES,
      model: playedBy({ worker, reviewer }),
      before: async (operation) => {
        if (operation !== "createPullRequest") return;
        isBeingMade.resolve();
        await isFolded.promise;
      },
    });
    await stage.post("/workflow count-up");
    await stage.settle();
    expect(stage.said()[0]).toContain("✅ Completed");
    const threads = stage.github.reviews.flatMap((review) => review.threads);
    expect(threads).toMatchObject([{ path: "n.txt", line: 2 }]);
    expect(stage.github.pulls.map(({ merged }) => merged)).toEqual([true, false]);
  });
});

const CASES = ["dies", "answers nonsense", "always accepts", "always rejects"];
const FOUR = `export const meta = { name: 'four', description: 'Four changes' }
const made = await parallel(${JSON.stringify(CASES)}.map((lens, n) => async () => {
  let one = await change('Write n' + n + '.txt', { label: lens })
  let said = await review(one, { lenses: [lens] })
  for (let round = 1; said.verdict === 'rejected' && round <= 2; round++) {
    one = await revise(one, said.findings, { label: lens })
    said = await review(one, { lenses: [lens] })
  }
  return { one, said }
}))
const { combined, refused } = await combine(made.map(({ one }) => one))
return made.map(({ said }) => said.verdict).join() + '; ' + combined.length + ' in, ' + refused.length + ' out'
`;

describe("a reviewer that dies, one that answers nonsense, one that always accepts and one that always rejects", () => {
  it("make their change unverified, unverified, accepted and rejected, and only the accepted one is folded in", async () => {
    const caseOf = (task: string): number =>
      CASES.findIndex((lens) => task.includes(`Lens: ${lens}`));
    const reviewer: Actor = ({ task, turn }) => {
      const path = `n${caseOf(task)}.txt`;
      const finding = {
        path,
        line: 1,
        severity: "blocking",
        title: "Wrong",
        claim: "No.",
        evidence: "1",
      };
      switch (CASES[caseOf(task)] ?? "none") {
        case "dies":
          return { error: new ModelError("invalid-request", "Gone.") };
        case "answers nonsense":
          return turn % 2 === 0 ? { text: "Looks fine." } : { finish: { verdict: "yes" } };
        case "always accepts":
          return { finish: { verdict: "accept", findings: [] } };
        default:
          return { finish: { verdict: "reject", findings: [finding, { ...finding, line: 99 }] } };
      }
    };
    const worker: Actor = ({ task, turn }) => {
      const [path = ""] = /n\d\.txt/u.exec(task) ?? [];
      const content = task.includes("rejected it") ? `again ${task.length}\n` : "1\n";
      return turn === 0
        ? { tools: [{ name: "write_file", input: { path, content } }] }
        : { finish: { summary: "Write it" } };
    };
    const files = { ...FILES, ".claude/workflows/four.js": FOUR };
    await using stage = await openStage({ files, model: playedBy({ worker, reviewer }) });
    await stage.post("/workflow four");
    await stage.settle();
    const [comment = ""] = stage.said();
    expect(comment).toContain("unverified,unverified,accepted,rejected; 1 in, 3 out");
    const reviewsOf = (lens: string) => {
      const pull = stage.github.pulls.find(({ title }) => title.endsWith(`] ${lens}`));
      return stage.github.reviews.filter((each) => each.pull === pull?.number);
    };
    const bodiesOf = (lens: string): string[] => reviewsOf(lens).map(({ body }) => body);
    expect(bodiesOf("dies")).toEqual([
      expect.stringMatching(/❔ Unverified.*dies: \*\*no vote\*\*: .*Gone/su),
    ]);
    expect(bodiesOf("answers nonsense")).toEqual([
      expect.stringMatching(/❔ Unverified.*answers nonsense: \*\*no vote\*\*: .*5 /su),
    ]);
    expect(bodiesOf("always accepts")).toEqual([
      expect.stringMatching(/✅ Accepted.*\*\*accepts\*\*/su),
    ]);
    // Three looks: the first one and one for each revision. What is outside of the diff is kept, and not on a line.
    const rejections = bodiesOf("always rejects");
    expect(rejections.map((body) => /❌ Rejected\*\*( in round \d)?/u.exec(body)?.[1])).toEqual([
      undefined,
      " in round 2",
      " in round 3",
    ]);
    for (const body of rejections) expect(body).toMatch(/Outside of the diff.*n3\.txt:99/su);
    const threads = reviewsOf("always rejects").flatMap((review) => review.threads);
    expect(threads.map(({ path, line }) => `${path}:${line}`)).toEqual([
      "n3.txt:1",
      "n3.txt:1",
      "n3.txt:1",
    ]);
    const final = stage.github.pulls.find(({ base }) => base === "main");
    expect(await stage.git("ls-tree", "--name-only", final?.head ?? "")).toMatch(/^n2\.txt$/mu);
    expect(await stage.git("ls-tree", "--name-only", final?.head ?? "")).not.toMatch(
      /n[013]\.txt/u,
    );
    // Two agents were lost: the thread, the check run and the pull request all say how many there were.
    const share = "11 of 13 agents finished";
    expect(comment).toContain(share);
    expect(final?.body).toContain(share);
    const check = stage.github.checks.find(({ name }) => name === "fanfold");
    expect(check).toMatchObject({
      title: expect.stringMatching(/^⚠️ Completed in part: /),
      conclusion: "neutral",
    });
    expect(check?.summary).toContain(share);
  });
});
