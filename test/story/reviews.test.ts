// What reviewers say stands on the lines it is about, whatever else the run does in the same moment.

import { describe, expect, it } from "vitest";

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
