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
    const partial = stage.github.pulls.findLast(({ base }) => base === "main");
    expect(partial?.labels).toEqual(["fanfold", "partial"]);
    const id = stage.desk.runs()[0]?.record().id ?? "";
    await stage.post("/workflow why");
    expect(answer(stage)).toMatch(/number 2\*\* .*unverified, not accepted/);
    expect(answer(stage)).toContain("correctness: missing");
    await stage.post("/workflow why nobody");
    expect(answer(stage)).toMatch(/No agent, file, finding or reviewer of.*`number 1`/s);
    await stage.post("/workflow why Correctness");
    expect(answer(stage)).toContain("number 2**");
    await stage.post("/workflow cancel");
    expect(answer(stage)).toMatch(/Run `wf-\w+` has ended \(partial\).*`\/workflow retry wf-/);
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

const PLAIN = `export const meta = { name: 'jot-down', description: 'Agents that share a checkout' }
const schema = { type: 'object', properties: { summary: { type: 'string' } } }
const write = (n, path) => agent('Write the number ' + n + ' into ' + path, { label: 'plain ' + n, schema })
await parallel([1, 2].map((n) => () => write(n, 'shared.txt')))
await write(3, 'n3.txt')
await write(4, 'n4.txt').catch(() => null)
return 'written'`;

describe("a run of plain agents, two of whom met in a line, and the last of whom failed", () => {
  it("is run again by asking only the one that failed: the others' edits are folded in anew", async () => {
    const begun: string[] = [];
    const mood = { isWilling: false };
    const isSecondIn = Promise.withResolvers<void>();
    const worker: Actor = async ({ task, turn }) => {
      const [, n = "", path = ""] = /the number (\d) into (\S+\.txt)/.exec(task) ?? [];
      if (turn === 0) begun.push(n);
      if (n === "2" && turn > 0) isSecondIn.resolve();
      if (n === "1" && turn > 0) await isSecondIn.promise;
      if (n === "4" && !mood.isWilling) return { text: "I am not able to." };
      return turn > 0
        ? { finish: { summary: `Write ${n}` } }
        : { tools: [{ name: "write_file", input: { path, content: `${n}\n` } }] };
    };
    const resolver: Actor = () => {
      begun.push("resolver");
      return {
        finish: { files: [{ path: "shared.txt", text: "1\n2\n" }], summary: "Both numbers." },
      };
    };
    const reviewer: Actor = () => {
      begun.push("reviewer");
      return { finish: { verdict: "accept", findings: [] } };
    };
    await using stage = await openStage({
      files: { ...FILES, ".claude/workflows/jot-down.js": PLAIN },
      model: playedBy({ worker, resolver, reviewer }),
    });
    const made = async (): Promise<string> => {
      const head = stage.github.pulls.findLast(({ base }) => base === "main")?.head ?? "";
      const paths = (await stage.git("ls-tree", "--name-only", head)).match(/^\w+\.txt$/gm) ?? [];
      const texts = paths.map(
        async (path) => `${path}: ${await stage.git("show", `${head}:${path}`)}`,
      );
      return (await Promise.all(texts)).join("\n");
    };
    await stage.post("/workflow jot-down");
    await stage.settle();
    expect(begun.toSorted()).toEqual(["1", "2", "3", "4", "resolver", "reviewer"]);
    expect(await made()).toBe("n3.txt: 3\nshared.txt: 1\n2");
    begun.splice(0);
    mood.isWilling = true;
    await stage.post("/workflow retry");
    await stage.settle();
    expect(begun).toEqual(["4"]);
    expect(await made()).toBe("n3.txt: 3\nn4.txt: 4\nshared.txt: 1\n2");
    expect(comments(stage)[1]).toContain("✅ Completed");
    // Nothing of the earlier run's own line comes along.
    const [first = "", second = ""] = stage.desk
      .runs()
      .map((run) => run.record().id)
      .toReversed();
    const line = await stage.git("log", "--format=%B", `main..fanfold/${second}/result`);
    expect(line).toContain(second);
    expect(line).not.toContain(first);
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
