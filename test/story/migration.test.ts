// A migration on git itself: parts are folded line by line onto what people pushed, by another machine, and merged. Weeks of it: test/migrations.

import { expect, it } from "vitest";

import { type Actor, playedBy } from "./actors.ts";
import { openStage, type Stage } from "./stage.ts";

const SETTINGS = "pullRequests:\n  per: shard\n  hourlyLimit: 2\nworkerPulls: 0\n";
const TEXT = "// Of this project.\n\n\n\n\nmodule.exports = 1\n";
const FILES = { "src/a.js": TEXT, "src/b.js": TEXT, "src/c.js": TEXT };

const migrator: Actor = ({ task, turn }) => {
  const paths = [...new Set(task.match(/src\/\w\.js/gu))];
  if (task.startsWith("Which of these")) return { finish: { files: paths } };
  const [path = ""] = paths;
  if (turn > 0) return { finish: { summary: `Turn ${path} into an ES module` } };
  const content = TEXT.replace("module.exports =", "export default");
  return { tools: [{ name: "write_file", input: { path, content } }] };
};

const partsOf = ({ github }: Stage) =>
  github.pulls.filter(({ head }) => head.startsWith("fanfold/migration-"));

async function later(stage: Stage, ms: number): Promise<void> {
  const { clock } = stage.world;
  await clock.advance(ms);
  await clock.during(stage.migrations.beat(new AbortController().signal), 1);
}

it("folds parts onto what people pushed meanwhile, from another machine, and knows what was merged", async () => {
  await using stage = await openStage({
    files: { ...FILES, ".github/fanfold.yml": SETTINGS },
    model: playedBy({ worker: migrator }),
  });
  await stage.post('/workflow migrate {"what": "CommonJS to ES modules", "by": "file"}');
  await stage.settle();
  expect(stage.said()[0]).toContain("3 of 3 parts are accepted.");
  await later(stage, 0);
  expect(partsOf(stage)).toHaveLength(2);
  const [first] = partsOf(stage);
  const path = first?.title.split(": ")[1] ?? "";

  await stage.push({ [path]: TEXT.replace("this", "this great") });
  await stage.restart({ wipe: true });
  await later(stage, 61 * 60_000);
  expect(partsOf(stage)).toHaveLength(3);
  const shown = await stage.git("show", `${first?.head}:${path}`);
  expect(shown).toBe(
    TEXT.replace("this", "this great").replace("module.exports =", "export default").trimEnd(),
  );
  expect(stage.github.verified.has(await stage.git("rev-parse", `${first?.head}`))).toBe(true);

  const into = ["refs/heads/main", `refs/heads/${first?.head}`] as const;
  const tree = await stage.git("merge-tree", "--write-tree", ...into);
  const parents = into.flatMap((ref) => ["-p", ref]);
  const commit = await stage.git("commit-tree", tree, ...parents, "-m", "Merge");
  await stage.git("update-ref", "refs/heads/main", commit);
  await later(stage, 11 * 60_000);
  const issue = stage.github.issues.find(({ title }) => title.startsWith("Migration:"));
  expect(issue?.body).toContain("**1 of 3 merged · 2 open**");
  expect(await stage.git("for-each-ref", `refs/heads/${first?.head}`)).toBe("");
});
