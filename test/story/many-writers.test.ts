// Few writers have a pull request each; many have branches, and what is said of them stands in few reviews.

import { describe, expect, it } from "vitest";

import { type Actor, playedBy } from "./actors.ts";
import { openStage, type Stage } from "./stage.ts";

const SCRIPT = `export const meta = { name: 'count-up', description: 'Many changes' }
const made = await parallel(Array.from({ length: args.writers }, (_, n) => async () => {
  const one = await change('Write the number ' + n, { label: 'number ' + n })
  await review(one, { reviewers: 1, lenses: ['correctness'] })
  return one
}))
return (await combine(made)).combined.length
`;
const FILES = {
  "README.md": "numbers\n",
  ".claude/workflows/count-up.js": SCRIPT,
  ".github/fanfold.yml": "approval:\n  trusted: [count-up]\n",
};
const CONTENT = ["createComment", "createPullRequest", "createReview"];

const numberIn = (task: string): string => /the number (\d+)/.exec(task)?.[1] ?? "?";

const worker: Actor = ({ task, turn }) => {
  const n = numberIn(task);
  return turn === 0
    ? { tools: [{ name: "write_file", input: { path: `n${n}.txt`, content: `${n}\n` } }] }
    : { finish: { summary: `Write ${n}` } };
};

const reviewer: Actor = ({ task }) => ({
  finish: {
    verdict: "accept",
    findings: [
      {
        path: `n${numberIn(task)}.txt`,
        line: 1,
        severity: "nit",
        title: `Digit ${numberIn(task)}`,
        claim: "A word would be nicer.",
        evidence: numberIn(task),
      },
    ],
  },
});

async function ranWith(writers: number): Promise<{ stage: Stage; created: string[] }> {
  const created: string[] = [];
  const stage = await openStage({
    files: FILES,
    model: playedBy({ worker, reviewer }),
    before: (operation) => {
      if (CONTENT.includes(operation)) created.push(operation);
    },
  });
  await stage.post(`/workflow count-up {"writers": ${writers}}`);
  await stage.settle();
  return { stage, created };
}

describe("a run of many writers", () => {
  it("creates as little on GitHub as one of a few more, and loses no word of its reviewers", async () => {
    const some = await ranWith(13);
    await using first = some.stage;
    expect(first.said()[0]).toContain("✅ Completed");
    const many = await ranWith(30);
    await using stage = many.stage;
    expect(stage.said()[0]).toContain("✅ Completed");
    expect(many.created).toEqual(some.created);
    expect(many.created.length).toBeLessThanOrEqual(12);
    expect(stage.github.pulls).toHaveLength(1);
    const refs = await stage.git("for-each-ref", "--format=%(refname)", "refs/heads/fanfold/");
    expect(refs.split("\n")).toHaveLength(31);
    const said = stage.github.reviews.map(({ body }) => body).join("\n");
    for (let n = 0; n < 30; n += 1) expect(said).toContain(`**Digit ${n}**`);
    expect(said).toContain(
      "30 ✅ accepted, 0 ❌ rejected, 0 ❔ unverified in the end; 30 findings",
    );
  });

  it("of twelve writers opens a pull request for each of them", async () => {
    const { stage, created } = await ranWith(12);
    await using _stage = stage;
    expect(stage.github.pulls).toHaveLength(13);
    // The run's comment, a pull request and a review for each writer, and the final pull request.
    const counts = Map.groupBy(created, (operation) => operation);
    expect(CONTENT.map((operation) => counts.get(operation)?.length)).toEqual([1, 13, 12]);
    expect(stage.github.reviews.flatMap(({ threads }) => threads)).toHaveLength(12);
  });
});
