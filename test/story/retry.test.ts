// An ended run is looked into and run again: what it has answered is reused, only the rest is performed.

import { describe, expect, it } from "vitest";

import { type Actor, playedBy } from "./actors.ts";
import { openStage, type Stage } from "./stage.ts";

const script = (numbers: string): string =>
  `export const meta = { name: 'count', description: 'Count up', phases: [{ title: 'Make', detail: 'writes files' }] }
phase('Make')
const made = []
for (const n of ${numbers}) {
  const one = await change('Write the number ' + n + ' into n' + n + '.txt', { label: 'number ' + n })
  await review(one, { reviewers: 1, lenses: ['correctness'] })
  made.push(one)
}
return await combine(made)`;

const FILES = { "README.md": "numbers\n", ".claude/workflows/count.js": script("[1, 2]") };

const part = (task: string): string => /the number (\d)/.exec(task)?.[1] ?? "?";

/** The reviewer rejects the number 2, in words that try to be more, until `isPleased`. */
async function openCounting() {
  const begun: string[] = [];
  const mood = { isPleased: false };
  const worker: Actor = ({ task, turn }) => {
    const n = part(task);
    if (turn > 0) return { finish: { summary: `Write ${n}` } };
    begun.push(n);
    return { tools: [{ name: "write_file", input: { path: `n${n}.txt`, content: n } }] };
  };
  const reviewer: Actor = ({ task }) => {
    begun.push(`review ${part(task)}`);
    if (part(task) !== "2" || mood.isPleased)
      return { finish: { verdict: "accept", findings: [] } };
    return { text: "I am not able to answer." };
  };
  const stage = await openStage({ files: FILES, model: playedBy({ worker, reviewer }) });
  await stage.post("/workflow count");
  await stage.settle();
  return { stage, begun, mood };
}

const comments = (stage: Stage): string[] =>
  stage.said().filter((body) => body.includes("fanfold:run="));
const answer = (stage: Stage): string => stage.said().at(-1) ?? "";

describe("a run in which a reviewer was lost", () => {
  it("is explained, shown, and run again without performing what it has, over a restart, and after its script was edited", async () => {
    const { stage, begun, mood } = await openCounting();
    await using _stage = stage;
    expect(comments(stage)[0]).toMatch(/⚠️ Completed in part.*`\/workflow retry wf-/s);
    const id = stage.desk.runs()[0]?.record().id ?? "";
    await stage.post("/workflow why");
    expect(answer(stage)).toMatch(/number 2\*\* .*unverified, not accepted/);
    expect(answer(stage)).toContain("correctness: missing");
    await stage.post("/workflow why nobody");
    expect(answer(stage)).toMatch(/No agent or change.*`number 1`/s);
    await stage.post(`/workflow show ${id}`);
    expect(answer(stage)).toMatch(/State \| partial.*const made = \[\]/s);
    await stage.post("/workflow show count");
    expect(answer(stage)).toContain("| Make | writes files |");
    await stage.post("/workflow show nothing-like-it");
    expect(answer(stage)).toMatch(/know no workflow.*`count`/s);

    await stage.restart();
    begun.splice(0);
    mood.isPleased = true;
    await stage.post("/workflow retry");
    await stage.settle();
    expect(begun).toEqual(["review 2"]);
    const [, second = ""] = comments(stage);
    expect(second).toContain("✅ Completed");
    expect(second).toContain(`Run \`${id}\` again`);
    // The second reviewer and the synthesizer: nothing else was paid for.
    expect(second).toMatch(/\$0\.02 of \$20\.00/);
    const final = stage.github.pulls.findLast(({ base }) => base === "main");
    expect(await stage.git("show", `${final?.head}:n1.txt`)).toBe("1");
    expect(await stage.git("show", `${final?.head}:n2.txt`)).toBe("2");
    expect(final?.head).toContain(stage.desk.runs()[1]?.record().id);

    await stage.push({ ".claude/workflows/count.js": script("[1, 2, 3]") });
    begun.splice(0);
    await stage.post("/workflow retry --budget $3");
    await stage.settle();
    expect(begun).toEqual(["3", "review 3"]);
    expect(comments(stage)[2]).toMatch(/✅ Completed.*of \$3\.00/s);
    await stage.post("/workflow list");
    const listed = answer(stage);
    const places = stage.desk.runs().map((run) => listed.indexOf(run.record().id));
    expect(places.toSorted((a, b) => b - a)).toEqual(places);
    expect(listed).toMatch(/\| completed \| \$0\.\d\d \|/);
  });
});

describe("what cannot be run again", () => {
  it("is said: nothing of this thread, another repository's, or another thread's", async () => {
    const model = playedBy({});
    await using stage = await openStage({ files: FILES, model });
    await stage.post("/workflow retry");
    expect(answer(stage)).toContain("No run of this thread has ended");
    await stage.post("/workflow retry wf-0000000000");
    expect(answer(stage)).toContain("no run `wf-0000000000`");
    await stage.post("/workflow why");
    expect(answer(stage)).toContain("Nothing ran in this thread yet");
    await stage.post("/workflow list");
    expect(answer(stage)).toContain("Nothing ran in this repository yet");
  });
});
