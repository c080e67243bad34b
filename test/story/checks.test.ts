// The repository's own CI as evidence: asked by a script, waited for at no cost, over restarts, and never taken for a yes that it is not.

import { expect, it, vi } from "vitest";

import { type Actor, playedBy } from "./actors.ts";
import { openStage, type Stage } from "./stage.ts";

const mended = (body: string): Record<string, string> => ({
  "src/a.js": "export const a = 1;\n",
  ".claude/workflows/mend.js": `export const meta = { name: 'mend', description: 'Change until CI passes' }\n${body}`,
  ".github/fanfold.yml": "limits:\n  checks: 1\n",
});

const SCRIPT = `
let made = await change('Make a two')
await review(made, { reviewers: 1 })
const first = await checks(made, { minutes: 300 })
const claims = first.checks.map(({ name, log }) => ({ title: name, claim: log }))
made = await revise(made, claims)
const second = await checks(made)
await review(made, { reviewers: 1 })
await combine([made])
return [first.verdict, first.why, second.verdict, second.why].join(' | ')`;

const worker: Actor = ({ task, turn }) => {
  const text = task.includes("expected 2, got 3")
    ? "export const a = 2;\n"
    : "export const a = 3;\n";
  return turn === 0
    ? { tools: [{ name: "write_file", input: { path: "src/a.js", content: text } }] }
    : { finish: { summary: "Make it so" } };
};

/** The tests of this repository want a two, and say what they got. */
function withCi({ github }: Stage): void {
  github.ci = async ({ read }) => {
    const got = /= (\d)/u.exec((await read("src/a.js")) ?? "")?.[1];
    const log = `${"setup\n".repeat(4_000)}expected 2, got ${got}\n`;
    return [{ name: "tests", passed: got === "2", log }];
  };
}

/** Time runs until the run's comment says so. */
const says = async (stage: Stage, words: string): Promise<void> => {
  const said = vi.waitFor(() => expect(stage.said()[0]).toContain(words), 100_000);
  await stage.world.clock.during(said, 500);
  await stage.settle();
};

const branchOf = async (stage: Stage): Promise<{ head: string; message: string }[]> => {
  const text = await stage.git(
    "for-each-ref",
    "--format=%(objectname) %(refname)",
    "refs/heads/fanfold",
  );
  const heads = text.split("\n").filter((line) => !line.endsWith("/result") && line !== "");
  return Promise.all(
    heads.map(async (line) => {
      const [head = ""] = line.split(" ");
      return { head, message: await stage.git("log", "-1", "--format=%B", head) };
    }),
  );
};

it("lets CI run on a branch by code, waits for it over the loss of the machine, and hands the log to who mends", async () => {
  const model = playedBy({ worker });
  await using stage = await openStage({ files: mended(SCRIPT), model });
  withCi(stage);
  await stage.post("/workflow mend");
  // CI is still at it: the run rests, and the branch is the one that it looks at.
  const looksBefore = stage.github.ci;
  stage.github.ci = async (commit) => {
    await looksBefore?.(commit);
    stage.github.ciLooks.delete(commit.sha);
    return [{ name: "tests", passed: true, log: "" }];
  };
  await stage.settle();
  expect(stage.said()[0]).toContain("🔬 Waiting for the repository's checks");
  expect(stage.said()[0]).toContain("branch 1 of 1 that a run may let them run on");
  const [waiting] = await branchOf(stage);
  expect(waiting?.message).not.toMatch(/skip ci/i);
  expect(await stage.git("log", "-1", "--format=%s", `${waiting?.head}^`)).toContain("[skip ci]");
  const asked = model.requests.length;
  await stage.restart({ wipe: true });
  await stage.settle();
  expect(stage.said()[0]).toContain("🔬 Waiting for the repository's checks");
  withCi(stage);
  await says(stage, "✅ Completed");
  // One branch was allowed: the revised one is held, and that is no yes.
  expect(stage.said()[0]).toContain(
    "failed | 1 of 1 check failed: tests (failure). | held | CI was not let run on it",
  );
  expect(await stage.git("show", "main:src/a.js")).toContain("= 1");
  const told = model.requests
    .map((request) => JSON.stringify(request))
    .filter((text) => text.includes("expected 2, got 3"));
  expect(told.length).toBeGreaterThan(0);
  expect(told.every((text) => text.length < 40_000)).toBe(true);
  expect(
    model.requests.slice(asked).filter(({ system }) => system.includes("Role: worker")).length,
  ).toBeLessThanOrEqual(2);
  const [pull] = stage.github.pulls.filter(({ base }) => base === "main");
  expect(pull?.body).toContain("This repository's CI on the parts by themselves");
  const [worked] = stage.github.pulls.filter(({ base }) => base !== "main");
  expect(worked?.merged).toBe(true);
});

it("says after a grace that nothing looks at branches, and lets CI near nothing that changes what it executes", async () => {
  const files = {
    ...mended(`
const code = await change('Make a two')
const manifest = await change('Touch the manifest')
return [(await checks(code)).verdict, (await checks(manifest)).why].join(' | ')`),
    "package.json": "{}\n",
  };
  const touching: Actor = (talk) =>
    talk.task.includes("manifest") && talk.turn === 0
      ? { tools: [{ name: "write_file", input: { path: "package.json", content: '{"a": 1}\n' } }] }
      : worker(talk);
  await using stage = await openStage({ files, model: playedBy({ worker: touching }) });
  await stage.post("/workflow mend");
  await stage.settle();
  await says(stage, "✅ Completed");
  expect(stage.said()[0]).toContain("none | It changes what CI executes (`package.json`)");
  expect((await branchOf(stage)).filter(({ message }) => !/skip ci/i.test(message))).toHaveLength(
    1,
  );
});

it("lets CI near no change to a fork's commit: it would be executed as if it were ours", async () => {
  const asks = `
const made = await change('Make a two')
const asked = await checks(made, { minutes: 300 })
return asked.verdict + ' | ' + asked.why`;
  await using stage = await openStage({ files: mended(asks), model: playedBy({ worker }) });
  withCi(stage);
  await stage.openPull({ "src/b.js": "export const b = 1;\n" });
  await stage.moveToFork();
  await stage.post("/workflow mend");
  await stage.settle();
  expect(stage.said()[0]).toMatch(/held \| It stands on a commit of a stranger's fork/u);
  const branches = await branchOf(stage);
  expect(branches).toHaveLength(1);
  for (const { message } of branches) expect(message).toContain("[skip ci]");
});
