// A repository that allows few refs in one push: the run takes more pushes, and everything else stays as it is.

import { chmod, mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { describe, expect, it } from "vitest";

import { type Actor, playedBy } from "./actors.ts";
import { openStage, type Stage } from "./stage.ts";

const SCRIPT = `export const meta = { name: 'count-up', description: 'Five changes' }
const made = await parallel([1, 2, 3, 4, 5].map((n) => async () => {
  const one = await change('Write the number ' + n, { label: 'number ' + n })
  await review(one, { reviewers: 1, lenses: ['correctness'] })
  return one
}))
return (await combine(made)).combined.length
`;
const FILES = { "README.md": "numbers\n", ".claude/workflows/count-up.js": SCRIPT };

const worker: Actor = ({ task, turn }) => {
  const n = /the number (\d)/.exec(task)?.[1] ?? "?";
  return turn === 0
    ? { tools: [{ name: "write_file", input: { path: `n${n}.txt`, content: `${n}\n` } }] }
    : { finish: { summary: `Write ${n}` } };
};

/** Refuses pushes of more than three refs as GitHub does, and writes down how many each of them moved. */
async function limitPushes({ world }: Stage): Promise<() => Promise<number[]>> {
  const { gitDir } = world;
  const log = join(gitDir, "pushes");
  const said = "Repository policies do not allow pushes that update more than 3 branches or tags.";
  const lines = [
    "#!/bin/sh",
    "moved=$(wc -l)",
    `echo $moved >> "${log}"`,
    `[ $moved -le 3 ] || { echo "${said}" >&2; exit 1; }`,
  ];
  await mkdir(join(gitDir, "hooks"), { recursive: true });
  await writeFile(join(gitDir, "hooks", "pre-receive"), `${lines.join("\n")}\n`);
  await chmod(join(gitDir, "hooks", "pre-receive"), 0o755);
  return async () => (await readFile(log, "utf8")).trim().split("\n").map(Number);
}

describe("a push policy", () => {
  it("is met once, remembered, and kept with several pushes", async () => {
    await using stage = await openStage({ files: FILES, model: playedBy({ worker }) });
    const pushes = await limitPushes(stage);
    await stage.post("/workflow count-up");
    await stage.settle();
    expect(stage.said()[0]).toContain("✅ Completed");
    const moved = await pushes();
    expect(moved.filter((count) => count > 3)).toHaveLength(1);
    expect(stage.github.pulls).toHaveLength(6);
    const refs = await stage.git("for-each-ref", "--format=%(refname)", "refs/heads/fanfold/");
    expect(refs.split("\n")).toHaveLength(6);
  });

  it("leaves nothing to be taken for a person's doing when the process ends between two pushes", async () => {
    await using stage = await openStage({ files: FILES, model: playedBy({ worker }) });
    const pushes = await limitPushes(stage);
    await stage.post("/workflow count-up");
    const { clock } = stage.world;
    const count = async (): Promise<number> => (await pushes().catch(() => [])).length;
    while ((await count()) < 2) await clock.during(clock.sleep(50));
    await stage.restart();
    await stage.settle();
    expect(stage.said()[0]).toContain("✅ Completed");
    expect(stage.said()[0]).not.toContain("left alone");
    expect(stage.github.pulls).toHaveLength(6);
  });
});
